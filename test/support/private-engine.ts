/**
 * A private container engine that a test can stop, kill and freeze: dockerd with a containerd that
 * outlives it, as on a usual host. It shares only the kernel with the engine of this machine.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import Docker from 'dockerode';
import { vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { imageName } from '../../src/sandbox/image.ts';
import {
  cgroupsNamed,
  commandOf,
  mountsBelow,
  parentOf,
  pidsOf,
  removeCgroup,
} from './host-processes.ts';

/** @returns the reason why no private engine can run here; undefined if one can. */
export function whyNoPrivateEngine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'an engine of its own needs Linux and root';
  const missing = ['dockerd', 'containerd', 'unshare'].filter((program) => !isInPath(program));
  return missing.length === 0
    ? undefined
    : `an engine of its own needs ${missing.join(' and ')} in PATH`;
}

const startMs = 20_000;
const stopMs = 15_000;

export class PrivateEngine {
  readonly docker: Docker;
  readonly engine: Engine;
  readonly #folder: string;
  #containerd: ChildProcess | undefined;
  #dockerd: ChildProcess | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    this.docker = new Docker({ socketPath: path.join(folder, 'docker.sock') });
    this.engine = new Engine(this.docker);
  }

  /** Starts an engine and loads the sandbox image from the engine of this machine. */
  static async start(): Promise<PrivateEngine> {
    const engine = new PrivateEngine(mkdtempSync(path.join(tmpdir(), 'hookpool-engine-')));
    try {
      await engine.#startContainerd();
      await engine.start();
      await engine.#loadImage(readConfig().image ?? imageName());
      return engine;
    } catch (error) {
      await engine.remove();
      throw error;
    }
  }

  /** Starts dockerd with the containers and images of the previous dockerd, unless it runs. */
  async start(): Promise<void> {
    if (this.#dockerd !== undefined) return;
    rmSync(this.#in('docker.pid'), { force: true });
    this.#dockerd = this.#spawn('dockerd', [
      ...['--config-file', this.#in('daemon.json'), '--host', `unix://${this.#in('docker.sock')}`],
      ...[
        '--data-root',
        this.#in('data'),
        '--exec-root',
        this.#in('exec'),
        '--pidfile',
        this.#in('docker.pid'),
      ],
      ...['--containerd', this.#in('containerd.sock'), '--cgroup-parent', this.#cgroup],
      ...['--exec-opt', 'native.cgroupdriver=cgroupfs'],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-masq=false'],
    ]);
    await this.#until(() => this.docker.ping(), 'dockerd');
  }

  /** With SIGTERM dockerd ends its containers first; with SIGKILL they continue. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await end(this.#dockerd, signal);
    this.#dockerd = undefined;
  }

  freeze(): void {
    this.#dockerd?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#dockerd?.kill('SIGCONT');
  }

  /**
   * Containers in any state, without those that a killed dockerd 20.10 still lists but reports as
   * "no such container".
   */
  async containers(): Promise<string[]> {
    const listed = await this.docker.listContainers({ all: true });
    const inspected = await Promise.allSettled(
      listed.map(({ Id }) => this.docker.getContainer(Id).inspect()),
    );
    return inspected.flatMap((one) =>
      one.status === 'fulfilled' ? [`${one.value.Id} ${one.value.State.Status}`] : [],
    );
  }

  /**
   * Command lines of the processes in its containers. A shim without any is not a leak of hookpool:
   * dockerd loses track of it when it is killed between two steps of a start.
   */
  inside(): string[] {
    const shims = new Set(this.#shims());
    return pidsOf((_, pid) => shims.has(parentOf(pid))).map(commandOf);
  }

  /** Ends all processes of the engine and removes its mounts, cgroups and files. */
  async remove(): Promise<void> {
    this.thaw();
    await this.stop('SIGTERM');
    for (const pid of this.#shims()) process.kill(pid, 'SIGKILL');
    await end(this.#containerd, 'SIGTERM');
    for (const mount of mountsBelow(this.#folder)) execFileSync('umount', ['--lazy', mount]);
    for (const folder of cgroupsNamed(this.#cgroup)) removeCgroup(folder);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The shim processes of its containers. */
  #shims(): number[] {
    return pidsOf((line) => line.includes('containerd-shim') && line.includes(this.#folder));
  }

  get #cgroup(): string {
    return `/${path.basename(this.#folder)}`;
  }

  #in(name: string): string {
    return path.join(this.#folder, name);
  }

  async #startContainerd(): Promise<void> {
    const config = [
      'version = 2',
      'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
      `root = "${this.#in('containerd-root')}"`,
      `state = "${this.#in('containerd-state')}"`,
      '[grpc]',
      `  address = "${this.#in('containerd.sock')}"`,
    ];
    writeFileSync(this.#in('containerd.toml'), config.join('\n'));
    // Without this file dockerd would read the settings of this machine's engine.
    writeFileSync(this.#in('daemon.json'), '{}');
    this.#containerd = this.#spawn('containerd', ['--config', this.#in('containerd.toml')]);
    await this.#until(async () => accessSync(this.#in('containerd.sock')), 'containerd');
  }

  async #loadImage(name: string): Promise<void> {
    const answer = await this.docker.loadImage(await new Docker().getImage(name).get());
    await finished(answer.resume());
  }

  /**
   * Starts the program in a separate network namespace: a dockerd without a bridge removes docker0,
   * which other engines need.
   */
  #spawn(program: string, args: readonly string[]): ChildProcess {
    const log = openSync(this.#in(`${program}.log`), 'a');
    return spawn('unshare', ['--net', program, ...args], { stdio: ['ignore', log, log] });
  }

  async #until(ready: () => Promise<unknown>, program: string): Promise<void> {
    try {
      await vi.waitFor(ready, { timeout: startMs, interval: 50 });
    } catch (cause) {
      throw new Error(
        `${program} did not start: ${readFileSync(this.#in(`${program}.log`), 'utf8').slice(-2_000)}`,
        { cause },
      );
    }
  }
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await ended;
  clearTimeout(late);
}

function isInPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
