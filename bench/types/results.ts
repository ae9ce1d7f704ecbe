/** The results of a run of the types benchmark, as printed with --json and stored. */
import type { Machine } from '../machine.ts';
import type { Row } from '../side-by-side/results.ts';

/** What a process pays once for packages that only some of them load. */
export interface Loaded {
  readonly what: string;
  /** From the import to its end; the median of `n` new processes. */
  readonly p50Ms: number;
  /** The fastest and the slowest process. */
  readonly rangeMs: readonly [low: number, high: number];
  /** Resident memory that it adds, in bytes; the median. */
  readonly bytes: number;
  readonly n: number;
}

export interface Types {
  readonly date: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly seconds: number;
  /** The source of the CPU seconds, and the load of the machine while no contender ran. */
  readonly cpu: { readonly source: string; readonly backgroundPerSecond: number };
  readonly rows: readonly Row[];
  readonly loaded: readonly Loaded[];
}
