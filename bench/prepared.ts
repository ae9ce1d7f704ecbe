/** What every run begins with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Engine } from '../src/index.ts';
import type { Closers } from './closers.ts';
import { describeMachine, type Machine, warnIfBusy } from './machine.ts';
import type { BenchOptions } from './options.ts';

/** Describes the machine, with a warning if others are at work, and makes the folder of the run. */
export async function prepared(
  closers: Closers,
  { load, progress }: BenchOptions,
): Promise<{ readonly machine: Machine; readonly folder: string }> {
  const machine = await describeMachine(new Engine(), load);
  warnIfBusy(machine, progress);
  const folder = await mkdtemp(path.join(tmpdir(), 'hookpool-bench-'));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  return { machine, folder };
}
