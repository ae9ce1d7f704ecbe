/** Measures how long a call takes, several times. */
import { median } from '../stats.ts';

/** @returns the median of `count` calls in milliseconds, after one warm-up call. */
export async function p50Of(count: number, call: () => Promise<unknown>): Promise<number> {
  await call();
  const times: number[] = [];
  for (let done = 0; done < count; done++) {
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
  return median(times);
}
