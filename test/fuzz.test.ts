/**
 * Whatever reads what somebody else wrote is given generated texts in the main thread of a process
 * of its own: none may hold the thread for 250 ms, end the process, or make it throw anything but
 * an answer.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, expect, test } from 'vitest';
import { compiled } from './support/compiled.ts';
import { fuzz } from './support/fuzz.ts';
import type { Told } from './support/fuzzing/run-targets.ts';
import { targets } from './support/fuzzing/targets.ts';

/** Runs of these are long: of each target so many for one of a small property. */
const runs = Math.ceil(fuzz.numRuns / 100);
/** A process that says nothing for so long, on a busy machine, has no end. */
const silenceMs = 10_000;
/** Of one target. */
const mostFaults = 3;
const timeoutMs = 60_000 + targets.length * runs * 100;
const faults = new Map<string, string[]>();

beforeAll(async () => {
  let left = targets.map(({ name }) => name);
  while (left.length > 0) left = await runTargets(left);
}, timeoutMs);

test.each(targets)(
  'nothing that is given to the reader of $name holds its thread or ends its process',
  ({ name }) => {
    expect(faults.get(name) ?? []).toEqual([]);
  },
);

/** Until all are through, or one had to be ended; gives those that are left. */
async function runTargets(names: readonly string[]): Promise<string[]> {
  const file = await compiled(path.join(import.meta.dirname, 'support/fuzzing/run-targets.ts'));
  const args = ['--enable-source-maps', file, String(fuzz.seed), '0', String(runs), ...names];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const watch = new Watch(child);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  createInterface({ input: child.stdout }).on('line', (line) =>
    watch.hear(JSON.parse(line) as Told),
  );
  await ended;
  watch.stop();
  if (child.exitCode === 0 && !watch.hadEnough) return [];
  const at = watch.last;
  if (at === undefined) throw new Error(`the process of the targets did not start: ${said}`);
  if (!watch.hadEnough)
    note(at, child.signalCode === 'SIGKILL' ? 'has no end' : `ended the process: ${said}`);
  return names.slice(names.indexOf(at.target) + 1);
}

class Watch {
  readonly #child: ChildProcess;
  #timer: NodeJS.Timeout | undefined;
  last: Told | undefined;
  hadEnough = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#restart();
  }

  hear(told: Told): void {
    this.#restart();
    this.last = told;
    if (told.kind !== 'fault') return;
    note(told, `${told.fault}: ${JSON.stringify(told.input)}`);
    this.hadEnough = (faults.get(told.target)?.length ?? 0) >= mostFaults;
    if (this.hadEnough) this.#child.kill('SIGKILL');
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#child.kill('SIGKILL'), silenceMs);
  }
}

function note({ target, run }: Told, fault: string): void {
  const again = `tsx test/support/fuzzing/run-targets.ts ${fuzz.seed} ${run} ${run + 1} '${target}'`;
  faults.set(target, [...(faults.get(target) ?? []), `run ${run} ${fault} (${again})`]);
}
