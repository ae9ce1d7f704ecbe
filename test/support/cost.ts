/** How much processor time something takes, on a machine that does other things too. */

/** Milliseconds of this process for one call: the least of several, so that a collection of garbage does not count. */
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
