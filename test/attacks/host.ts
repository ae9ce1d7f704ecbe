/**
 * What an attack must not change outside of its sandbox, as far as it is cheap to see from here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { ContainerSpec } from '../../src/sandbox/container-spec.ts';
import { Demux } from '../../src/sandbox/demux.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { FrameReader } from '../../src/sandbox/frame-reader.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { tasksOf } from './cgroup.ts';

/** A busy engine removes a container this slowly. */
const removalMs = 10_000;

/**
 * An engine that remembers the user of each sandbox and whether it still has a right to processes.
 */
export class WatchedEngine extends Engine {
  readonly #uids = new Map<string, number>();
  readonly #live = new Set<string>();
  readonly #removedAt = new Map<string, number>();
  readonly #ends = new Map<string, number>();

  override async create(spec: ContainerSpec): Promise<string> {
    const id = await super.create(spec);
    this.#uids.set(id, Number(spec.Cmd?.[0]));
    this.#live.add(id);
    return id;
  }

  override remove(id: string): Promise<void> {
    this.#live.delete(id);
    this.#removedAt.set(id, performance.now());
    return super.remove(id);
  }

  /** Listens beside the sandbox, and not before it does: the first listener makes a stream flow. */
  override async attach(id: string): Promise<Duplex> {
    const stream = await super.attach(id);
    const reader = new FrameReader(({ type }) => {
      if (type === 'done') this.#ends.set(id, this.endsOf(id) + 1);
    });
    reader.expectOutput(largestOutput);
    const demux = new Demux({ stdout: (bytes) => reader.push(bytes), stderr: () => undefined });
    const listen = (event: string | symbol) => {
      if (event !== 'data') return;
      stream.off('newListener', listen);
      stream.on('data', (chunk: Buffer) => demux.push(chunk));
    };
    stream.on('newListener', listen);
    return stream;
  }

  /** How many ends of runs the supervisor of a container has told. */
  endsOf(id: string): number {
    return this.#ends.get(id) ?? 0;
  }

  /** The whole id of a container that was made here, from its first digits. */
  idOf(start: string): string {
    return [...this.#uids.keys()].find((id) => id.startsWith(start)) ?? start;
  }

  /**
   * Containers of this process that nobody asked for, or that should have been gone for a while.
   */
  async unwanted(): Promise<string[]> {
    const own = await ownSandboxes(this, process.pid);
    const left = own.filter(({ id, createdAtMs }) => {
      const since = this.#removedAt.get(id);
      return (
        !this.#live.has(id) &&
        (since === undefined ? Date.now() - createdAtMs : performance.now() - since) > removalMs
      );
    });
    return left.map(({ id, state }) => `container ${id.slice(0, 12)} is ${state}`);
  }

  /**
   * Containers that should have been gone for a while and still have tasks, whatever user those
   * have.
   */
  undead(): string[] {
    return [...this.#removedAt]
      .filter(([, since]) => performance.now() - since > removalMs)
      .flatMap(([id]) => {
        const tasks = tasksOf(id) ?? 0;
        return tasks === 0 ? [] : [`${tasks} tasks of the removed container ${id.slice(0, 12)}`];
      });
  }

  /** Job users that two sandboxes were given. */
  sharedUids(): number[] {
    const uids = [...this.#uids.values()];
    return uids.filter((uid, index) => uids.indexOf(uid) !== index);
  }

  /** Processes of job users, by process id; those of sandboxes of other workers are not counted. */
  jobProcesses(): number[] {
    const uids = new Set(this.#uids.values());
    return processUids().flatMap(([pid, uid]) => (uids.has(uid) ? [pid] : []));
  }

  /**
   * A sandbox may have one process of its job user, the waiting bash, until its removal is over; a
   * removed one none.
   */
  strangers(): string[] {
    const counts = new Map<number, number>();
    for (const [, uid] of processUids()) counts.set(uid, (counts.get(uid) ?? 0) + 1);
    return [...this.#uids].flatMap(([id, uid]) => {
      const count = counts.get(uid) ?? 0;
      const since = this.#removedAt.get(id);
      const allowed = since === undefined || performance.now() - since < removalMs ? 1 : 0;
      return count <= allowed
        ? []
        : [`${count} processes of user ${uid} (sandbox ${id.slice(0, 12)}, ${allowed} may be)`];
    });
  }
}

/** From the status file: the owner of the folder is root where a process made itself undumpable. */
function processUids(): [pid: number, uid: number][] {
  return readdirSync('/proc').flatMap((name): [number, number][] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? [];
      return uid === undefined ? [] : [[Number(name), Number(uid)]];
    } catch {
      return []; // it ended meanwhile
    }
  });
}

/** Asks until the answer is empty; the last answer when `ms` have passed. */
export async function lasting<T>(
  ask: () => readonly T[] | Promise<readonly T[]>,
  ms: number,
): Promise<readonly T[]> {
  const until = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer.length === 0 || performance.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const mebibyte = 1 << 20;
/** Of both streams, in bytes. */
const largestOutput = 32 * mebibyte;
