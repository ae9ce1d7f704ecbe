/** How many evaluations of a tenant ended how in the last 24 hours, in steps of five minutes. */
import { FairMap } from './fair-map.ts';
import { type Outcome, outcomes } from './outcome.ts';

export const countStepMs = 300_000;
/** 24 hours, of which the last step is the present one. */
export const countSteps = 288;

export interface CountedStep extends Readonly<Record<Outcome, number>> {
  /** When the step begins, in steps since 1970. */
  readonly step: number;
}

/** Counts that are lost change no decision. */
export interface CountStore {
  /** Counts one evaluation that ends now. */
  add(tenant: string, outcome: Outcome): Promise<void>;
  /** The steps with evaluations, the oldest first. */
  list(tenant: string): Promise<readonly CountedStep[]>;
}

export const noCounts: Readonly<Record<Outcome, number>> = Object.freeze(
  Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
);

/** The steps of 24 hours up to now: not those of a clock that was ahead. */
export function inWindow(step: number, now: number): boolean {
  return step > now - countSteps && step <= now;
}

/** In memory, for the servers of one process. */
export class MemoryCounts implements CountStore {
  readonly #steps: FairMap<CountedStep>;
  readonly #now: () => number;

  /**
   * @param most steps of all tenants together: beyond it the oldest of the tenant that has most go.
   * @param now milliseconds since 1970.
   */
  constructor(most = 100 * countSteps, now: () => number = Date.now) {
    this.#steps = new FairMap(most, Infinity);
    this.#now = now;
  }

  async add(tenant: string, outcome: Outcome): Promise<void> {
    const step = Math.floor(this.#now() / countStepMs);
    const before = this.#steps.get(tenant, String(step)) ?? { step, ...noCounts };
    const counted = { ...before, [outcome]: before[outcome] + 1 };
    this.#steps.set(tenant, String(step), counted, 0);
    this.#steps.delete(tenant, String(step - countSteps));
  }

  async list(tenant: string): Promise<readonly CountedStep[]> {
    const now = Math.floor(this.#now() / countStepMs);
    return this.#steps.values(tenant).filter(({ step }) => inWindow(step, now));
  }
}
