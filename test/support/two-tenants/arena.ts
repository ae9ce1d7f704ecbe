/**
 * A server that gets requests of tenant b while tenant a attacks it, and the outcome of each
 * attack.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Engine } from '../../../src/sandbox/engine.ts';
import { compiled } from '../compiled.ts';
import { removeAbandoned } from '../own-sandboxes.ts';
import { type Answer, type RunningServer, startServer } from '../server.ts';
import { type Attack, wait } from './attack.ts';
import type { Order, Seen } from './neighbour.ts';

/** The longest permitted wait of b; its own deadline is 1,500 ms. */
const mostWaitMs = 1_000;
const mostMemoryBytes = 700 << 20;
/** The time of one attack, after which a server that does not answer is killed. */
const attackMs = 8_000;
/** The longest permitted wait of b before the first attack. */
const quietMs = 500;
/** The minimum time during which b sends requests: each of its four questions once. */
const leastMs = 190;

const tokens = {
  a: 'token-of-a-0123456789',
  admin: 'admin-of-a-0123456789',
  b: 'token-of-b-0123456789',
};

export interface Outcome extends Seen {
  readonly name: string;
  /** The answers that a got, with their numbers. */
  readonly answers: string;
  /** undefined if the server is alive and answers; else a description of its failure. */
  readonly end: string | undefined;
  /** The peak memory of the server's process, worker threads included. */
  readonly memoryBytes: number;
  readonly ms: number;
}

/** The faults of an outcome; empty if there are none. */
export function faultsOf(
  { worstMs, wrong, end, memoryBytes, answers, asked }: Outcome,
  mayWait = false,
): string[] {
  const faults: string[] = [];
  if (end !== undefined) faults.push(`The server ${end}.`);
  if (worstMs >= mostWaitMs) faults.push(`b waited ${Math.round(worstMs)} ms.`);
  if (wrong.length > 0)
    faults.push(
      `${wrong.length} of ${asked} answers to b were wrong: ${[...new Set(wrong)].slice(0, 3).join('; ')}`,
    );
  if (memoryBytes >= mostMemoryBytes) faults.push(`The server held ${memoryBytes >> 20} MiB.`);
  if (/no answer/.test(answers) && !mayWait) faults.push(`a was not answered: ${answers}.`);
  if (/\b500\b/.test(answers)) faults.push(`a was answered by a bug: ${answers}.`);
  return faults;
}

export class Arena {
  readonly #folder: string;
  readonly #neighbour: ChildProcess;
  readonly #env: NodeJS.ProcessEnv;
  #server: RunningServer | undefined;

  private constructor(folder: string, neighbour: ChildProcess, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#neighbour = neighbour;
    this.#env = env;
  }

  /** @param env variables of the server in addition to those of the test. */
  static async open(env: NodeJS.ProcessEnv = {}): Promise<Arena> {
    const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-two-tenants-'));
    const entry = ([name, tenant, role]: readonly string[]) => ({ token: name, tenant, role });
    const list = [
      [tokens.a, 'a', 'evaluate'],
      [tokens.admin, 'a', 'admin'],
      [tokens.b, 'b', 'evaluate'],
    ];
    writeFileSync(path.join(folder, 'tokens.json'), JSON.stringify(list.map(entry)));
    const file = await compiled(path.join(import.meta.dirname, 'neighbour.ts'));
    const arena = new Arena(folder, fork(file, { execArgv: [] }), env);
    try {
      await arena.server();
    } catch (error) {
      await arena.close();
      throw error;
    }
    return arena;
  }

  /** The running server, or a new one that has answered b. */
  async server(): Promise<RunningServer> {
    if (this.#server !== undefined) return this.#server;
    const settings = { HOOKPOOL_WARM: '2', HOOKPOOL_MAX: '6', ...this.#env };
    const server = await startServer(
      ['--tokens', path.join(this.#folder, 'tokens.json')],
      settings,
    );
    this.#server = server;
    await this.#untilRight(server);
    return server;
  }

  async attack({ name, send, lastsMs = attackMs }: Attack): Promise<Outcome> {
    const server = await this.server();
    const began = performance.now();
    const memory = new Memory(server.child.pid ?? 0);
    const over = new AbortController();
    // One listener for each request of an attack.
    setMaxListeners(0, over.signal);
    const target = {
      server,
      url: server.url,
      token: tokens.a,
      adminToken: tokens.admin,
      signal: over.signal,
    };
    this.#tell({ kind: 'ask', url: server.url, token: tokens.b });
    const timer = setTimeout(() => over.abort(), lastsMs);
    const [answers] = await Promise.all([
      Promise.race([send(target), server.exited.then(() => ['closed'])]),
      Promise.race([wait(leastMs, over.signal), server.exited]),
    ]);
    clearTimeout(timer);
    const seen = await this.#stopNeighbour();
    const end = await endOf(server, seen);
    const outcome = { name, ...seen, answers: counted(answers), end, memoryBytes: memory.peak() };
    over.abort();
    if (end !== undefined || /no answer/.test(outcome.answers)) await this.#endServer();
    return { ...outcome, ms: performance.now() - began };
  }

  /** Runs one evaluation of a tenant. */
  async askAs(tenant: 'a' | 'b', json: object): Promise<Answer> {
    return (await this.server()).ask('POST', '/v1/evaluate', {
      json,
      headers: { authorization: `Bearer ${tokens[tenant]}` },
    });
  }

  async close(): Promise<void> {
    this.#neighbour.disconnect();
    await this.#endServer('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #endServer(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.child.kill(signal);
    await server.exited;
    if (signal === 'SIGKILL') await removeAbandoned(new Engine());
  }

  #tell(order: Order): void {
    this.#neighbour.send(order);
  }

  async #stopNeighbour(): Promise<Seen> {
    if (this.#neighbour.exitCode !== null) throw new Error('the process of b has ended');
    const told = once(this.#neighbour, 'message');
    this.#tell({ kind: 'stop' });
    return ((await told) as [Seen])[0];
  }

  /** Waits until the first containers are created and b's hooks are compiled. */
  async #untilRight(server: RunningServer): Promise<void> {
    let seen: Seen | undefined;
    for (let round = 0; round < 20; round += 1) {
      this.#tell({ kind: 'ask', url: server.url, token: tokens.b });
      await new Promise((resolve) => setTimeout(resolve, 300));
      seen = await this.#stopNeighbour();
      if (seen.wrong.length === 0 && seen.worstMs < quietMs) return;
    }
    throw new Error(`b was not answered rightly before anybody attacked: ${JSON.stringify(seen)}`);
  }
}

/** Describes the failure of the server; undefined if it is alive and answers. */
async function endOf(server: RunningServer, seen: Seen): Promise<string | undefined> {
  const { exitCode, signalCode } = server.child;
  if (exitCode !== null || signalCode !== null) return `died (${signalCode ?? exitCode})`;
  if (seen.worstMs < mostWaitMs) return undefined;
  const alive = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status === 200,
    () => false,
  );
  return alive ? undefined : 'does not answer';
}

function counted(answers: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts]
    .map(([answer, count]) => (count === 1 ? answer : `${count} x ${answer}`))
    .join(', ');
}

/** The peak memory of a process from now on, as the kernel counts it. */
class Memory {
  readonly #pid: number;
  #last = 0;

  constructor(pid: number) {
    this.#pid = pid;
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // The peak is then that of the whole lifetime of the process.
    }
  }

  /** @returns 0 if the peak is unknown. */
  peak(): number {
    try {
      const status = readFileSync(`/proc/${this.#pid}/status`, 'latin1');
      this.#last = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) << 10;
    } catch {
      // The process has ended.
    }
    return this.#last;
  }
}
