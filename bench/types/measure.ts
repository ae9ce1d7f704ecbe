/** One run of the types benchmark. */
import { withClosers } from '../closers.ts';
import type { Field } from '../contenders/open.ts';
import { cpuSource } from '../cpu.ts';
import { contextOf, guardNames, guardOf } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { prepared } from '../prepared.ts';
import { smallContext } from '../side-by-side/matrix.ts';
import { background, fullImage, image, toRow } from '../side-by-side/measure.ts';
import { callBy, race } from '../side-by-side/race.ts';
import { openTypes } from './field.ts';
import { measureLoading } from './loading.ts';
import { typesMatrix } from './matrix.ts';
import type { Types } from './results.ts';

/** As for the side-by-side run: the first hundreds run in V8's interpreter. */
const warmUpCalls = 300;
const quickWarmUpCalls = 8;
const warmUpCallers = 4;

export function measureTypes(options: BenchOptions): Promise<Types> {
  return withClosers(async (closers) => {
    const started = performance.now();
    const { machine, folder } = await prepared(closers, options);
    options.progress('the packages of the formats');
    const loaded = await measureLoading(options);
    options.progress('starting the contenders');
    const field = await openTypes({ image, fullImage, folder, closers });
    await warmUp(field, options);
    const source = cpuSource();
    const backgroundPerSecond = await background(source.seconds, options);
    const clock = { cpuSeconds: source.seconds, backgroundPerSecond };
    const tallies = await race(typesMatrix(), field, clock, options);
    return {
      date: new Date().toISOString().slice(0, 10),
      ...{ machine, quick: options.quick, loaded },
      seconds: (performance.now() - started) / 1000,
      cpu: { source: source.name, backgroundPerSecond },
      rows: [...tallies].map(([cell, tally]) => toRow(cell, tally, backgroundPerSecond)),
    };
  });
}

/** All but the bare start, which keeps nothing from one call to the next. */
async function warmUp(
  { contenders }: Field,
  { quick, interrupted, progress }: BenchOptions,
): Promise<void> {
  progress('warming up');
  const [guard, context] = [guardOf(guardNames[0]), contextOf(smallContext)];
  for (const { name, call } of contenders.values()) {
    interrupted.throwIfAborted();
    if (name === 'bare python3') continue;
    await callBy(warmUpCallers, quick ? quickWarmUpCalls : warmUpCalls, () => call(guard, context));
  }
}
