/** One run of the bench of what is felt: the contenders of a setting take turns of one call each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withClosers } from '../closers.ts';
import type { Missing } from '../contenders/contender.ts';
import { contextOf } from '../guards.ts';
import type { Machine } from '../machine.ts';
import type { BenchOptions } from '../options.ts';
import { prepared } from '../prepared.ts';
import { fullImage, image } from '../side-by-side/measure.ts';
import { callBy } from '../side-by-side/race.ts';
import { type FeltField, openFeltField } from './contenders.ts';
import { backends, bridgeName, type FeltCell, overHttpName } from './matrix.ts';
import type { FeltTimes } from './results.ts';
import { type HookSetUnderTest, setOf } from './sets.ts';

/** Servers and workers that run for days have their code compiled: see side-by-side/warm-up.ts. */
const warmUps = 400;
const quickShare = 12;
const leastQuick = 2;

export interface FeltRun {
  readonly machine: Machine;
  readonly seconds: number;
  readonly times: FeltTimes;
  readonly missing: readonly Missing[];
}

export function measureFelt(cells: readonly FeltCell[], options: BenchOptions): Promise<FeltRun> {
  return withClosers(async (closers) => {
    const started = performance.now();
    const { machine, folder } = await prepared(closers, options);
    const sets = new Map(cells.map((cell) => [nameOf(cell), setOf(cell.guard, cell.hooks)]));
    options.progress('starting the contenders');
    const field = await openFeltField({ image, fullImage, folder, closers }, [...sets.values()]);
    await warmUp(field, sets, options);
    const times = new Map<FeltCell, number[]>();
    for (const group of groupsOf(cells)) await takeTurns(group, { field, sets, times }, options);
    const seconds = (performance.now() - started) / 1000;
    return { machine, seconds, times, missing: field.missing };
  });
}

function nameOf({ guard, hooks }: FeltCell): string {
  return `${guard} ${hooks}`;
}

function settingOf({ guard, hooks, contextBytes }: FeltCell): string {
  return `${guard}, ${hooks} hooks, ${contextBytes / 1024} KiB`;
}

/** Cells that differ only in the contender. */
function groupsOf(cells: readonly FeltCell[]): FeltCell[][] {
  const groups = new Map<string, FeltCell[]>();
  for (const cell of cells)
    groups.set(settingOf(cell), [...(groups.get(settingOf(cell)) ?? []), cell]);
  return [...groups.values()];
}

interface Course {
  readonly field: FeltField;
  readonly sets: ReadonlyMap<string, HookSetUnderTest>;
  readonly times: Map<FeltCell, number[]>;
}

async function warmUp(
  { calls }: FeltField,
  sets: ReadonlyMap<string, HookSetUnderTest>,
  { quick, interrupted, progress }: BenchOptions,
): Promise<void> {
  progress('warming up');
  const [set] = sets.values();
  const warm = [overHttpName, ...backends.map((backend) => bridgeName('sh', backend))];
  for (const name of warm) {
    const call = calls.get(name);
    if (call === undefined || set === undefined) continue;
    const count = name === overHttpName ? warmUps : warmUps / 4;
    await callBy(4, quick ? 8 : count, () => {
      interrupted.throwIfAborted();
      return call(set, contextOf(1024));
    });
  }
}

/** Each turn begins with another contender, and the first call of each is not counted. */
async function takeTurns(
  group: readonly FeltCell[],
  { field, sets, times }: Course,
  { quick, interrupted, progress }: BenchOptions,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  progress(settingOf(first));
  const context = contextOf(first.contextBytes);
  const present = group.filter(({ method }) => field.calls.has(method));
  const countOf = ({ calls }: FeltCell) =>
    quick ? Math.max(leastQuick, Math.round(calls / quickShare)) : calls;
  const most = Math.max(...present.map(countOf));
  for (let turn = 0; turn <= most; turn++) {
    for (let at = 0; at < present.length; at++) {
      const cell = present[(at + turn) % present.length];
      const set = cell && sets.get(nameOf(cell));
      const call = cell && field.calls.get(cell.method);
      if (cell === undefined || set === undefined || turn > countOf(cell)) continue;
      interrupted.throwIfAborted();
      await sleep(cell.restMs);
      const startedAt = performance.now();
      await call?.(set, context);
      if (turn > 0) times.set(cell, [...(times.get(cell) ?? []), performance.now() - startedAt]);
    }
  }
}
