/**
 * `hookpool serve` and outbound workers with a private Redis, in processes of their own, and a
 * target on loopback. Needs `npm run build` and the program redis-server, and no engine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { vi } from 'vitest';
import { readRoster } from '../../src/queue/heartbeat.ts';
import { HostileServers } from '../outbound/hostile-servers.ts';
import { TestRedis } from './redis.ts';
import { type Answer, type RunningServer, startServer } from './server.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');

/** A request that arrived in full at a target. */
export interface Arrived {
  readonly head: string;
  readonly body: string;
  readonly socket: Socket;
}

export interface OutboundProcess {
  readonly child: ChildProcess;
  readonly log: readonly string[];
  /** Where it answers probes. */
  readonly url: string;
  /** Exit code and signal. */
  readonly exited: Promise<unknown>;
}

/** An answer with a JSON body. */
export function ok(value: object): string {
  const body = JSON.stringify(value);
  return `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export class OutboundRig {
  /** The value of the secret `k`; no process but outbound workers has it. */
  readonly secret = 'planted-secret-41c7';
  readonly redis: TestRedis;
  readonly servers = new HostileServers();
  readonly folder = mkdtempSync(path.join(tmpdir(), 'hookpool-outbound-'));
  readonly arrived: Arrived[] = [];
  /** What the target does with a request. */
  onRequest: (request: Arrived, index: number) => void = ({ socket }) => void socket.end(ok({}));
  server!: RunningServer;
  /** Of the target. */
  port = 0;
  readonly #workers: OutboundProcess[] = [];

  private constructor(redis: TestRedis) {
    this.redis = redis;
  }

  /** @param env of the server, besides its own */
  static async start(env: NodeJS.ProcessEnv = {}): Promise<OutboundRig> {
    const rig = new OutboundRig(await TestRedis.start());
    rig.port = await rig.servers.serve((socket) => rig.#read(socket));
    rig.server = await startServer(['--audit', rig.auditFile], rig.environment(env));
    return rig;
  }

  get auditFile(): string {
    return path.join(this.folder, 'audit.jsonl');
  }

  audit(): string {
    return readFileSync(this.auditFile, 'utf8');
  }

  environment(over: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return { HOOKPOOL_REDIS_URL: this.redis.url, HOOKPOOL_LOG_LEVEL: 'debug', ...over };
  }

  /** Also loopback of `ports`. @returns the file with the targets of an outbound worker. */
  targetsFile(...ports: number[]): string {
    const key = path.join(this.folder, 'key');
    writeFileSync(key, `${this.secret}\n`);
    const target = {
      ...{ hosts: ['127.0.0.1'], ports: [this.port, ...ports], plain: true, trusted: true },
      ...{ private: ['127.0.0.0/8'], tenants: ['*'] },
    };
    const secret = { keyFile: key, hosts: ['127.0.0.1'], tenants: ['*'] };
    const file = path.join(this.folder, 'targets.json');
    writeFileSync(file, JSON.stringify({ targets: { t: target }, secrets: { k: secret } }));
    return file;
  }

  /** @returns the file with a judge `fast`, also `ReasoningFast`, that is the target of the rig. */
  judgesFile(over: object = {}): string {
    const key = path.join(this.folder, 'judge-key');
    writeFileSync(key, `${this.secret}\n`);
    const judge = {
      ...{ format: 'openai-chat', baseUrl: `http://127.0.0.1:${this.port}/v1`, model: 'small-1' },
      ...{ keyFile: key, plain: true, private: ['127.0.0.0/8'], tenants: ['*'] },
      ...{ aliases: ['ReasoningFast'], ...over },
    };
    const file = path.join(this.folder, 'judges.json');
    writeFileSync(file, JSON.stringify({ judges: { fast: judge } }));
    return file;
  }

  /** A worker that takes jobs; the server knows of it, and no longer of those that ended. */
  async worker(
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<OutboundProcess> {
    const own = { HOOKPOOL_TARGETS_FILE: this.targetsFile(), ...env };
    const child = this.run(['worker', '--outbound', '--listen', '127.0.0.1:0', ...args], own);
    const log: string[] = [];
    const exited = once(child, 'exit');
    const url = await new Promise<string>((resolve, reject) => {
      let place = '';
      createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
        log.push(line);
        place = /(http:\S+) answers/.exec(line)?.[1] ?? place;
        if (line.includes(' takes up to ')) resolve(place);
      });
      void exited.then(() => reject(new Error(`the worker ended: ${log.join('\n')}`)));
    });
    const worker = { child, log, url, exited };
    this.#workers.push(worker);
    await this.untilKnown();
    return worker;
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    return spawn(process.execPath, [main, ...args], {
      env: { ...process.env, ...this.environment(env) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  /** Resolves when the server knows which workers live: one that was killed counts for 2 s more. */
  async untilKnown(): Promise<void> {
    await vi.waitFor(
      async () => {
        const { text } = await this.server.ask('GET', '/metrics');
        const capacity = Number(/^hookpool_outbound_capacity (\d+)$/m.exec(text)?.[1]);
        const living = this.#workers.filter(
          ({ child }) => !child.killed && child.exitCode === null,
        );
        const most = living.map(({ log }) => /takes up to (\d+)/.exec(log.join('\n'))?.[1]);
        const expected = most.reduce((sum, one) => sum + Number(one), 0);
        if (capacity !== expected) throw new Error(`capacity ${capacity}, not ${expected}`);
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  /** Names of the outbound workers that let hear of themselves. */
  async crew(): Promise<string[]> {
    const { workers } = await this.redis.use((client) => readRoster(client, 'hooks-outbound'));
    return [...workers.keys()];
  }

  /** One evaluation at Stop. @param hook keys of an http hook that asks the target. */
  ask(hook: object, more: object = {}): Promise<Answer> {
    const url = `http://127.0.0.1:${this.port}/check`;
    const one = { name: 'policy', type: 'http', url, failMode: 'block', timeout: 5, ...hook };
    const context = { hook_event_name: 'Stop' };
    const json = { hooks: { Stop: [one] }, context, verbose: true, deadlineMs: 15_000, ...more };
    return this.server.ask('POST', '/v1/evaluate', { json });
  }

  untilArrived(count: number): Promise<void> {
    return vi.waitFor(
      () => {
        if (this.arrived.length < count) throw new Error(`${this.arrived.length} arrived`);
      },
      { timeout: 10_000, interval: 5 },
    );
  }

  async endWorkers(): Promise<void> {
    for (const { child } of this.#workers) child.kill('SIGKILL');
    await Promise.all(this.#workers.splice(0).map(({ exited }) => exited));
  }

  async close(): Promise<void> {
    await this.endWorkers();
    this.server.child.kill('SIGKILL');
    await this.server.exited;
    await this.servers.close();
    await this.redis.kill();
    rmSync(this.folder, { recursive: true });
  }

  #read(socket: Socket): void {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      const body = text.slice(end + 4);
      if (end < 0 || Buffer.byteLength(body) < length) return;
      const request = { head: text.slice(0, end), body, socket };
      this.onRequest(request, this.arrived.push(request) - 1);
    });
  }
}

/** The value of a header. */
export function headerOf({ head }: Arrived, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim();
}
