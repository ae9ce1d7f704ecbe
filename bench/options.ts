/** The options of every benchmark. */
export interface BenchOptions {
  /** Print JSON instead of a table. */
  readonly json: boolean;
  /** Print tables as Markdown. */
  readonly markdown: boolean;
  /** Run fewer rounds, to test the bench itself; the numbers are not for publication. */
  readonly quick: boolean;
  /** Store table, plot and numbers in docs/benchmarks/. */
  readonly write: boolean;
  /** Compare with bench/baseline.json, and fail if a value got worse. */
  readonly check: boolean;
  /** Store the results as the new baseline. */
  readonly writeBaseline: boolean;
  /** Read the numbers that --write stored, instead of measuring. */
  readonly stored: boolean;
  /** Load of the machine before the bench began, because afterwards the bench itself adds to it. */
  readonly load: number;
  readonly interrupted: AbortSignal;
  /** Reports progress to the user; never on stdout. */
  readonly progress: (text: string) => void;
}
