/** What a run of the side-by-side benchmark came to: as printed for machines and stored in docs/benchmarks/. */
import type { Missing } from '../contenders/contender.ts';
import type { Machine } from '../machine.ts';
import type { Summary } from '../stats.ts';
import type { Cell } from './matrix.ts';

export interface Row extends Omit<Cell, 'calls'>, Summary {
  readonly perSecond: number;
  /** Calls that gave no decision, or another one. They are in no other number. */
  readonly failed: number;
  /** CPU seconds of the whole machine for 1,000 hooks; null where too few were measured, or others were at work. */
  readonly cpuSecondsPer1000: number | null;
}

export interface Memory {
  /** The whole cgroup of a container that waits, in bytes; the largest of several. */
  readonly blankContainerBytes: number;
  /** The same after 100 hooks of all kinds. */
  readonly usedContainerBytes: number;
  /** Resident memory of the processes after the run, in bytes; null without Redis. */
  readonly workerBytes: number | null;
  readonly serverBytes: number | null;
}

export interface StartUp {
  readonly what: string;
  /** From nothing to the first decision. */
  readonly p50Ms: number;
  readonly n: number;
}

/** Containers per second: isolation `job` under a load that never ends, and the engine alone. */
export interface JobRate {
  readonly jobsPerSecond: number;
  readonly enginePerSecond: number;
}

export interface SideBySide {
  readonly date: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly seconds: number;
  /** Where CPU seconds were read, and what the machine used while nothing ran. */
  readonly cpu: { readonly source: string; readonly backgroundPerSecond: number };
  readonly rows: readonly Row[];
  readonly missing: readonly Missing[];
  readonly memory: Memory;
  readonly startUp: readonly StartUp[];
  readonly jobRate: JobRate;
}

/** The row of such a cell; undefined where it was not measured. */
export function findRow(rows: readonly Row[], wanted: Partial<Row>): Row | undefined {
  const fits = (row: Row) => Object.entries(wanted).every(([name, value]) => row[name as keyof Row] === value);
  return rows.find(fits);
}
