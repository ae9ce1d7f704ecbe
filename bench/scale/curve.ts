/** Whether a cost grows as it should. */
import { growth } from '../stats.ts';
import type { Series } from './results.ts';

/** Noise of a few points, in the exponent. */
const slack = 0.15;

export interface Verdict {
  /** 0 flat, 1 linear; null with fewer than two points above 0. */
  readonly exponent: number | null;
  /** What has no exponent is too small to be measured, and no worry. */
  readonly asExpected: boolean;
}

export function verdictOf({ points, most }: Series): Verdict {
  const exponent = growth(points);
  if (Number.isNaN(exponent)) return { exponent: null, asExpected: true };
  return { exponent, asExpected: exponent <= most + slack };
}
