/** The place of one question among those of all processes that ask the same judge. */
import { hash } from 'node:crypto';
import { orFallbackWithin } from '../../deadline.ts';
import { pause } from '../attempts.ts';
import { type RestRule, restRule } from './circuit.ts';
import type { Judge } from './judges.ts';
import { type Places, placesOf } from './slots.ts';

/** Places and rests that several processes share. Promises reject where they cannot be reached. */
export interface SharedPlaces {
  /** @param most of all tenants together, and of this one, this question included. */
  take(judge: string, tenant: string, most: Places): Promise<Taken>;
  /** Counts a failure of the judge. @replaces the milliseconds of the rest that begins; 0: none. */
  failed(judge: string, tenant: string, rule: RestRule): Promise<number>;
  /** The judge has answered: its failures in a row end. */
  answered(judge: string, tenant: string): void;
  /** The judge is asked for nobody for that many milliseconds. */
  rest(judge: string, restMs: number): void;
}

export interface Taken {
  /** Gives the place back. undefined: the judge rests, or all places are taken. */
  readonly release: (() => void) | undefined;
  /** Milliseconds for which the judge is not asked for this tenant; 0: it is. */
  readonly restMs: number;
  /** Of the tenant's questions, in a row. */
  readonly failures: number;
}

/** Who asks, as the shared places see it. */
export interface PlaceOf {
  readonly judge: Judge;
  readonly tenant: string;
  readonly share: number;
  readonly signal: AbortSignal;
  readonly places?: SharedPlaces | undefined;
}

/** A limit of load is no guard: a question goes on where it is not told in time. */
const mostWaitMs = 100;
/** Between two looks for a place: 50 ms, then more, with a quarter more or less. */
const pausesMs = { first: 50, most: 250 } as const;

/** A judge under whose name each process means the same address and model. */
export function sharedName({ name, entry: { baseUrl, model } }: Judge): string {
  return hash('sha256', JSON.stringify([name, baseUrl, model]), 'base64url');
}

export class SharedPlace {
  readonly #of: PlaceOf;
  readonly #name: string;
  #failures = 0;
  #isOver = false;
  #release: (() => void) | undefined;

  constructor(of: PlaceOf) {
    this.#of = of;
    this.#name = of.places === undefined ? '' : sharedName(of.judge);
  }

  /**
   * Waits for a place, for as long as the signal lets it; the first look is on its way when this
   * replaces.
   * @throws the signal's reason. After it the judge may rest: its circuit says so.
   */
  async begin(): Promise<void> {
    const { judge, tenant, share, signal, places } = this.#of;
    if (places === undefined || this.#release !== undefined) return;
    const most = placesOf(judge.entry.atOnce, share);
    let waitMs: number = pausesMs.first;
    while (!this.#isOver) {
      const taken = await this.#look(places.take(this.#name, tenant, most));
      if (taken === undefined || taken.release !== undefined) return;
      if (taken.restMs > 0) return judge.circuit.rest(tenant, taken.restMs);
      // Other processes do not tell when a place is free.
      if (!(await pause(waitMs * (0.75 + Math.random() / 2), signal))) throw signal.reason;
      waitMs = Math.min(pausesMs.most, waitMs * 1.5);
    }
  }

  /** @replaces undefined where nothing is told in time; the place is given back when it comes. */
  async #look(taking: Promise<Taken>): Promise<Taken | undefined> {
    const keep = (taken: Taken) => {
      this.#failures = taken.failures;
      if (this.#isOver) taken.release?.();
      else this.#release = taken.release;
      return taken;
    };
    return orFallbackWithin(taking.then(keep), undefined, mostWaitMs);
  }

  /** Another process counts it too. @param onRest told of a rest that begins with it. */
  failed(onRest: (restMs: number) => void): void {
    const { judge, tenant, places } = this.#of;
    this.#failures++;
    places?.failed(this.#name, tenant, restRule).then(
      (restMs) => {
        if (restMs === 0) return;
        if (judge.circuit.restMs(tenant) === 0) onRest(restMs);
        judge.circuit.rest(tenant, restMs);
      },
      () => undefined,
    );
  }

  answered(): void {
    const { tenant, places } = this.#of;
    if (this.#failures > 0) places?.answered(this.#name, tenant);
    this.#failures = 0;
  }

  end(): void {
    this.#isOver = true;
    this.#release?.();
  }
}
