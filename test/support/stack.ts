/**
 * The services of docker-compose.yml, started by the same scripts as `make up`, with a separate
 * project name and port.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './redis.ts';
import { type Answer, type AskOptions, ask } from './server.ts';

const root = path.join(import.meta.dirname, '../..');

export class Stack {
  readonly project: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #url: string;
  readonly #secrets: string;
  #token = '';

  private constructor(port: number, secrets: string) {
    this.project = `hookpool-test-${process.pid}`;
    this.#url = `http://127.0.0.1:${port}`;
    this.#secrets = secrets;
    this.#env = {
      ...process.env,
      COMPOSE_PROJECT_NAME: this.project,
      HOOKPOOL_PUBLISH: `127.0.0.1:${port}`,
      HOOKPOOL_SECRETS: secrets,
      HOOKPOOL_MAX: '2',
    };
  }

  static async prepare(): Promise<Stack> {
    return new Stack(await freePort(), await mkdtemp(path.join(tmpdir(), 'hookpool-stack-')));
  }

  async up(): Promise<void> {
    await this.#run('deploy/setup/up.sh');
    const [app, redis] = (await this.#run('deploy/setup/app-images.sh')).trim().split('\n');
    Object.assign(this.#env, { HOOKPOOL_APP_IMAGE: app, HOOKPOOL_REDIS_IMAGE: redis });
    this.#token = readFileSync(path.join(this.#secrets, 'admin-token'), 'utf8').trim();
  }

  /** Runs the steps of `make down`. */
  async down(): Promise<void> {
    await this.#run('deploy/setup/down.sh');
  }

  async remove(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans', '--timeout', '20');
    await rm(this.#secrets, { recursive: true, force: true });
  }

  compose(...args: string[]): Promise<string> {
    return this.#run('deploy/setup/compose.sh', ...args);
  }

  ask(method: string, place: string, options: AskOptions = {}): Promise<Answer> {
    return ask(method, this.#url + place, {
      ...options,
      headers: { authorization: `Bearer ${this.#token}`, ...options.headers },
    });
  }

  /** The ids (12 digits, as in a container's host name) of a service's containers. */
  async containers(service: string): Promise<string[]> {
    const labels = { project: this.project, service };
    const filters = Object.entries(labels).flatMap(([name, value]) => [
      '--filter',
      `label=com.docker.compose.${name}=${value}`,
    ]);
    return lines(await docker('ps', '-q', ...filters));
  }

  /** The containers, networks and volumes of the stack that the engine still has. */
  async left(): Promise<string[]> {
    const mine = ['--filter', `label=com.docker.compose.project=${this.project}`];
    const answers = await Promise.all([
      docker('ps', '-aq', ...mine),
      docker('network', 'ls', '-q', ...mine),
      docker('volume', 'ls', '-q', ...mine),
    ]);
    return answers.flatMap(lines);
  }

  async #run(script: string, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(path.join(root, script), args, {
      cwd: root,
      env: this.#env,
      maxBuffer: 16 << 20,
    });
    return stdout;
  }
}

export async function docker(...args: string[]): Promise<string> {
  return (await promisify(execFile)('docker', args, { timeout: 30_000 })).stdout;
}

export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
