/** Work that grows faster than its input is an attack; these help to see it. */

/**
 * Milliseconds that no pattern takes: all steps of an event take 15, and 300 where each line is
 * counted for the coverage. What the bounds are against takes minutes.
 */
export const longMs = 1_000;

/** Milliseconds: the best of some runs, so that a busy machine does not count. */
export function bestMs(action: () => unknown, runs = 5): number {
  let best = Number.POSITIVE_INFINITY;
  for (let at = 0; at < runs; at++) {
    const started = performance.now();
    action();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
