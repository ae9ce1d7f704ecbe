/** How much memory this process keeps beyond a moment. */
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 gives pages back on a thread of its own, a moment after it has collected. */
const givenBackMs = 1_000;

/** RSS in bytes without the garbage of the test files that ran in this process before. */
export async function memoryWithoutGarbage(): Promise<number> {
  collectGarbage();
  await wait(givenBackMs / 10);
  return process.memoryUsage.rss();
}

/**
 * Bytes of RSS that were not there before. Garbage is not growth (counting tasks for seconds makes
 * tens of MiB of it): where there is more than `most` it is collected, and asked again until it is
 * less or V8 has had its time.
 */
export async function grownSince(rssBefore: number, most: number): Promise<number> {
  const grown = () => process.memoryUsage.rss() - rssBefore;
  const until = performance.now() + givenBackMs;
  while (grown() > most && performance.now() < until) {
    collectGarbage();
    await wait(100);
  }
  return grown();
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
