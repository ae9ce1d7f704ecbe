/** Checks whether a cost grows as expected. */
import { growth } from '../stats.ts';
import type { Series } from './results.ts';

/** Noise of the exponent with few points. */
const slack = 0.15;

export interface Verdict {
  /** 0 flat, 1 linear; null with fewer than two points above 0. */
  readonly exponent: number | null;
  /** True without an exponent too: the cost is then too small to be measured. */
  readonly asExpected: boolean;
}

export function verdictOf({ points, most }: Series): Verdict {
  const exponent = growth(points);
  if (Number.isNaN(exponent)) return { exponent: null, asExpected: true };
  return { exponent, asExpected: exponent <= most + slack };
}
