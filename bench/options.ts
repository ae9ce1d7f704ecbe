/** What every benchmark is told. */
export interface BenchOptions {
  /** For machines: JSON instead of a table. */
  readonly json: boolean;
  /** Fewer rounds: to see that it works, not to quote. */
  readonly quick: boolean;
  /** Store table, plot and numbers in docs/benchmarks/. */
  readonly write: boolean;
  /** Compare with bench/baseline.json, and fail where something got worse. */
  readonly check: boolean;
  /** Make what was measured the new baseline. */
  readonly writeBaseline: boolean;
  /** Read the numbers that --write stored, instead of measuring. */
  readonly stored: boolean;
  /** Load of the machine before the bench began: afterwards it is the bench's own. */
  readonly load: number;
  readonly interrupted: AbortSignal;
  /** For people who wait; never on stdout. */
  readonly progress: (text: string) => void;
}
