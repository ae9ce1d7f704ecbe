/** One run of the side-by-side benchmark. */
import { setTimeout as sleep } from 'node:timers/promises';
import { imageName } from '../../src/index.ts';
import { withClosers } from '../closers.ts';
import { openField } from '../contenders/open.ts';
import { cpuSource } from '../cpu.ts';
import type { BenchOptions } from '../options.ts';
import { prepared } from '../prepared.ts';
import { summarize } from '../stats.ts';
import { measureJobRate } from './job-rate.ts';
import type { Cell } from './matrix.ts';
import { measureMemory } from './memory.ts';
import { race, type Tally } from './race.ts';
import type { Row, SideBySide } from './results.ts';
import { measureStartUp } from './start-up.ts';
import { warmUp } from './warm-up.ts';

/** Minimum number of calls for a meaningful CPU value. */
const enoughForCpu = 8;
/**
 * Above this background load the bench cannot separate its own CPU time from that of other
 * processes.
 */
const quietPerSecond = 0.3;
const backgroundMs = 2_000;
const quickBackgroundMs = 500;

export const image = process.env['HOOKPOOL_IMAGE'] ?? imageName();
export const fullImage = imageName(undefined, 'full');

/** @param parts start-up is measured unless `parts` disables it. */
export function measureSideBySide(
  cells: readonly Cell[],
  options: BenchOptions,
  { startUp: withStartUp } = { startUp: true },
): Promise<SideBySide> {
  return withClosers(async (closers) => {
    const started = performance.now();
    const { machine, folder } = await prepared(closers, options);
    const around = { image, fullImage, folder, closers };
    options.progress('starting the contenders');
    const field = await openField(around, new Set(cells.map(({ method }) => method)));
    await warmUp(field, options);
    const source = cpuSource();
    const backgroundPerSecond = await background(source.seconds, options);
    const clock = { cpuSeconds: source.seconds, backgroundPerSecond };
    const tallies = await race(cells, field, clock, options);
    options.progress('memory');
    const memory = await measureMemory(image, field.cluster);
    options.progress('isolation job, and the engine alone');
    const jobRate = await measureJobRate(image, options);
    if (withStartUp) options.progress('start-up');
    const startUp = withStartUp ? await measureStartUp(around, options) : [];
    return {
      date: new Date().toISOString().slice(0, 10),
      machine,
      quick: options.quick,
      seconds: (performance.now() - started) / 1000,
      cpu: { source: source.name, backgroundPerSecond },
      rows: [...tallies].map(([cell, tally]) => toRow(cell, tally, backgroundPerSecond)),
      missing: field.missing,
      memory,
      startUp,
      jobRate,
    };
  });
}

/** CPU seconds per second while the contenders wait. */
export async function background(
  cpuSeconds: () => number,
  { quick }: Pick<BenchOptions, 'quick'>,
): Promise<number> {
  const started = performance.now();
  const before = cpuSeconds();
  await sleep(quick ? quickBackgroundMs : backgroundMs);
  return (cpuSeconds() - before) / ((performance.now() - started) / 1000);
}

export function toRow({ calls: _, ...cell }: Cell, tally: Tally, backgroundPerSecond: number): Row {
  const { times, failed, busySeconds, cpuSeconds, cpuCalls } = tally;
  const cpuIsKnown = cpuCalls >= enoughForCpu && backgroundPerSecond < quietPerSecond;
  return {
    ...cell,
    ...summarize(times),
    timesMs: times,
    perSecond: times.length / busySeconds,
    failed,
    cpuSecondsPer1000: cpuIsKnown ? Math.max(0, (cpuSeconds / cpuCalls) * 1000) : null,
  };
}
