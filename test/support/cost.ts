/** Measures the CPU time of a call on a machine with other active processes. */

/**
 * CPU milliseconds of this process for one call: the minimum of several, so that a garbage
 * collection does not count.
 */
export function cpuMs(action: () => unknown, runs = 5): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    action();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
