/** How long properties of what reads hostile bytes are tried: in `make test`, or for longer with `npm run fuzz`. */
export const fuzz = { seed: 20_261_121, numRuns: Number(process.env['HOOKPOOL_FUZZ_RUNS'] ?? 5_000) } as const;
/** For properties whose single run is long. */
export const fuzzTimeoutMs = 10_000 + fuzz.numRuns * 10;
