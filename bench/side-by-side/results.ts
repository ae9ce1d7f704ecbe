/**
 * The results of a run of the side-by-side benchmark, as printed with --json and stored in
 * docs/benchmarks/.
 */
import type { Missing } from '../contenders/contender.ts';
import type { Machine } from '../machine.ts';
import type { Summary } from '../stats.ts';
import type { Cell } from './matrix.ts';

export interface Row extends Omit<Cell, 'calls'>, Summary {
  readonly perSecond: number;
  /** Calls without the expected decision. No other number includes them. */
  readonly failed: number;
  /**
   * CPU seconds of the whole machine for 1,000 hooks; null if too few were measured or other
   * processes were active.
   */
  readonly cpuSecondsPer1000: number | null;
  /** The times themselves, for intervals; they are not stored. */
  readonly timesMs?: readonly number[] | undefined;
}

export interface Memory {
  /** Memory of the whole cgroup of a waiting container, in bytes; the largest of several. */
  readonly blankContainerBytes: number;
  /** The same after 100 hooks of all kinds. */
  readonly usedContainerBytes: number;
  /** Resident memory of the processes after the run, in bytes; null without Redis. */
  readonly workerBytes: number | null;
  readonly serverBytes: number | null;
}

export interface StartUp {
  readonly what: string;
  /** Time from a cold start to the first decision. */
  readonly p50Ms: number;
  readonly n: number;
}

/** Containers per second: isolation `job` under continuous load, and the engine alone. */
export interface JobRate {
  readonly jobsPerSecond: number;
  readonly enginePerSecond: number;
}

export interface SideBySide {
  readonly date: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly seconds: number;
  /** The source of the CPU seconds, and the load of the machine while no contender ran. */
  readonly cpu: { readonly source: string; readonly backgroundPerSecond: number };
  readonly rows: readonly Row[];
  readonly missing: readonly Missing[];
  readonly memory: Memory;
  readonly startUp: readonly StartUp[];
  readonly jobRate: JobRate;
}

/** The row of a cell with these properties; undefined if it was not measured. */
export function findRow(rows: readonly Row[], wanted: Partial<Row>): Row | undefined {
  const fits = (row: Row) =>
    Object.entries(wanted).every(([name, value]) => row[name as keyof Row] === value);
  return rows.find(fits);
}
