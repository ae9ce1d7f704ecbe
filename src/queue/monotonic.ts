/**
 * Milliseconds on a monotonic clock that all threads of a process share; performance.now() starts
 * at 0 in each thread.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
