/** What every benchmark is told. */
export interface BenchOptions {
  /** For machines: JSON instead of a table. */
  readonly json: boolean;
  /** Fewer rounds: to see that it works, not to quote. */
  readonly quick: boolean;
  readonly interrupted: AbortSignal;
}
