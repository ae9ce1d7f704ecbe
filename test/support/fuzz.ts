/**
 * Number of runs for property tests of readers of hostile bytes: for `make test`, or more with `npm
 * run fuzz`.
 */
export const fuzz = {
  seed: 20_261_121,
  numRuns: Number(process.env['HOOKPOOL_FUZZ_RUNS'] ?? 5_000),
} as const;
/** Timeout for properties with long single runs. */
export const fuzzTimeoutMs = 10_000 + fuzz.numRuns * 10;
/** For a property that `make test` tries `usual` times: `npm run fuzz` tries it 20 times as often. */
export function runsOf(usual: number): number {
  return Math.ceil((usual * fuzz.numRuns) / 5_000);
}
