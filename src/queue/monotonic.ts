/** Milliseconds on a clock that all threads of a process share; performance.now() begins anew in each. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
