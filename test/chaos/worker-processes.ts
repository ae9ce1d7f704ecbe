/** Workers in processes of their own, started and ended by a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { reap } from '../../src/sandbox/reaper.ts';
import { compiled } from '../support/compiled.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';

/**
 * Where a worker stops, to be killed there; or for how long it blocks its thread after each
 * run; or that it dies after a run whose script says `poison`.
 */
export type Hold =
  | 'nowhere'
  | 'before the start'
  | 'before the report'
  | `blocked for ${number} s`
  | 'dies of poison';

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** It has come to where it was told to hold. */
  readonly held: Promise<void>;
}

export class WorkerProcesses {
  readonly #engine = new Engine();
  #file: Promise<string> | undefined;
  #all: ChildProcess[] = [];

  async start(url: string, name: string, hold: Hold = 'nowhere'): Promise<WorkerProcess> {
    this.#file ??= compiled(path.join(import.meta.dirname, 'worker-process.ts'));
    const child = spawn(process.execPath, [await this.#file, url, name, hold], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#all.push(child);
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const held = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        if (line === 'held') resolve();
      });
    });
    await once(lines, 'line');
    return { child, held };
  }

  /** The scripts of its jobs run, or are about to. */
  untilRunning({ child }: WorkerProcess): Promise<void> {
    return vi.waitFor(
      async () => {
        const states = (await ownSandboxes(this.#engine, child.pid ?? 0)).map(({ state }) => state);
        expect([...new Set(states)]).toEqual(['running']);
      },
      { timeout: 15_000, interval: 20 },
    );
  }

  /**
   * Kills them all, and sees that their containers go: by themselves, or as the next worker's
   * reaper does it.
   */
  async close(): Promise<void> {
    const pids = this.#all.map(({ pid }) => pid ?? 0);
    for (const child of this.#all) child.kill('SIGKILL');
    this.#all = [];
    await vi.waitFor(
      async () => {
        await reap(this.#engine, Date.now());
        const left = await Promise.all(pids.map((pid) => ownSandboxes(this.#engine, pid)));
        expect(left.flat()).toEqual([]);
      },
      { timeout: 8_000, interval: 100 },
    );
  }
}
