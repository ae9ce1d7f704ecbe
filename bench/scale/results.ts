/** The results of a run of the scale curves. */
import type { Machine } from '../machine.ts';
import type { Constants } from './model.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** The steepest growth that is expected where x is large: 0 flat, 1 linear. */
  readonly most: number;
}

/** How one cost grows with one number. */
export interface Curve {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** The reason for this growth. */
  readonly why: string;
}

export interface Scale {
  readonly date: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly seconds: number;
  readonly curves: readonly Curve[];
  /** null without Redis. */
  readonly constants: Constants | null;
}
