/** The results of the bench of what is felt, as printed with --json and stored. */
import type { Range } from '../bootstrap.ts';
import type { Missing } from '../contenders/contender.ts';
import type { Machine } from '../machine.ts';
import type { Summary } from '../stats.ts';
import type { FeltCell } from './matrix.ts';

export interface FeltRow extends Omit<FeltCell, 'calls' | 'restMs'>, Summary {
  /** p50 / p50 of the bare start of the same hooks; null where there is none. */
  readonly ratio: number | null;
  readonly ratioRange: Range | null;
  /** The same beside the image's own programs. */
  readonly imageRatio: number | null;
  readonly imageRatioRange: Range | null;
}

export interface Felt {
  readonly date: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly seconds: number;
  readonly rows: readonly FeltRow[];
  readonly missing: readonly Missing[];
}

/** The times of a cell in milliseconds, in the order in which they were taken. */
export type FeltTimes = ReadonlyMap<FeltCell, readonly number[]>;
