/** How long something takes, several times. */
import { median } from '../stats.ts';

/** Milliseconds, the middle of `count` calls after one that is not counted. */
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
