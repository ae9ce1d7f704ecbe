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
