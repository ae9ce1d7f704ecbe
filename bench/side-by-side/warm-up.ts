/**
 * Warms up long-running processes to their state after some minutes: code compiled, sandboxes used.
 */
import { floorName } from '../contenders/floor.ts';
import type { Field } from '../contenders/open.ts';
import { contextOf, guards } from '../guards.ts';
import type { BenchOptions } from '../options.ts';
import { smallContext } from './matrix.ts';
import { callBy } from './race.ts';

/** HTTP + queue, one caller, python guard: p50 17.1 ms after 30 calls, 14.7 ms after 2,000. */
const calls = 1_000;
const quickCalls = 16;
const callers = 8;
const longRunning = ['hookpool tenant', 'hookpool queue', floorName, 'hookpool HTTP + queue'];

export async function warmUp(
  { contenders }: Field,
  { quick, interrupted, progress }: BenchOptions,
): Promise<void> {
  progress('warming up');
  const context = contextOf(smallContext);
  for (const name of longRunning) {
    const contender = contenders.get(name);
    if (contender === undefined) continue;
    for (const guard of guards) {
      interrupted.throwIfAborted();
      // One call with jq takes as long as ten others, and warms no part of hookpool that they do
      // not.
      const share = guard.name === 'bash + jq' ? 10 : 2;
      await callBy(callers, (quick ? quickCalls : calls) / share, () =>
        contender.call(guard, context),
      );
    }
  }
}
