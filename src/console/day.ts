/** The counts of 24 hours as the overview draws them: a bar for each half hour. */
import type { CountsAnswer } from '../server/api-types.ts';
import { type Outcome, outcomes } from '../server/outcome.ts';

export type Bar = Readonly<Record<Outcome, number>>;

export const barMs = 1_800_000;
const barCount = 48;

export interface Day {
  /** The oldest first; the last one is of the present half hour. */
  readonly bars: readonly Bar[];
  readonly counts: Bar;
}

/** @param now milliseconds since 1970 */
export function dayOf({ steps }: CountsAnswer, now: number): Day {
  const bars = Array.from({ length: barCount }, zero);
  const counts = zero();
  const last = Math.floor(now / barMs);
  for (const step of steps) {
    const age = last - Math.floor(Date.parse(step.at) / barMs);
    // The clock of the server may be ahead; 24 hours of steps reach into one more half hour.
    const bar = bars[Math.max(0, barCount - 1 - Math.max(age, 0))];
    for (const outcome of outcomes) {
      if (bar !== undefined) bar[outcome] += step[outcome];
      counts[outcome] += step[outcome];
    }
  }
  return { bars, counts };
}

function zero(): Record<Outcome, number> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}
