/** How many questions one judge has at once, with a share for each tenant. */
import { OutboundError } from '../../errors.ts';

/** Who asks: a tenant, and the share of the places that its question may use up. */
export interface Asker {
  readonly tenant: string;
  /** Less than 1: others are before it. */
  readonly share: number;
  readonly signal: AbortSignal;
}

interface Waiting extends Pick<Asker, 'tenant' | 'share'> {
  readonly begin: () => void;
}

/** Questions that may wait, per place. */
const waitingPerPlace = 16;

/** Places of all tenants together, and of one of them. */
export interface Places {
  readonly all: number;
  readonly tenant: number;
}

/**
 * How many places may be in use when a question with this share has begun: a tenant has half. One at
 * least, where nothing runs: else it would wait for ever.
 */
export function placesOf(most: number, share: number): Places {
  const part = (places: number) => Math.max(1, Math.floor(places * share));
  return { all: part(most), tenant: part(Math.ceil(most / 2)) };
}

/**
 * A tenant has at most half of the places, and the next place goes to the first that may begin. A
 * question with a share begins only where so much of both is not in use.
 */
export class Slots {
  readonly #most: number;
  readonly #running = new Map<string, number>();
  readonly #waiting: Waiting[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Runs the work when there is a place. @throws OutboundError `JUDGE_UNAVAILABLE` where too many
   * wait, or the signal's reason.
   */
  async run<T>(asker: Asker, work: () => Promise<T>): Promise<T> {
    await this.#begin(asker);
    try {
      return await work();
    } finally {
      this.#end(asker.tenant);
    }
  }

  async #begin({ tenant, share, signal }: Asker): Promise<void> {
    signal.throwIfAborted();
    if (this.#mayBegin({ tenant, share })) return this.#take(tenant);
    const own = this.#waiting.filter((one) => one.tenant === tenant).length;
    const most = this.#most * waitingPerPlace * share;
    if (this.#waiting.length >= most || own >= most / 2)
      throw new OutboundError(
        'JUDGE_UNAVAILABLE',
        'Too many questions wait for this judge: raise its atOnce, or ask less often.',
      );
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        reject(signal.reason);
      };
      const one: Waiting = {
        ...{ tenant, share },
        begin: () => {
          signal.removeEventListener('abort', leave);
          this.#take(tenant);
          resolve();
        },
      };
      this.#waiting.push(one);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #mayBegin({ tenant, share }: Pick<Waiting, 'tenant' | 'share'>): boolean {
    const all = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    const most = placesOf(this.#most, share);
    return all + 1 <= most.all && (this.#running.get(tenant) ?? 0) + 1 <= most.tenant;
  }

  #take(tenant: string): void {
    this.#running.set(tenant, (this.#running.get(tenant) ?? 0) + 1);
  }

  #end(tenant: string): void {
    const left = Number(this.#running.get(tenant)) - 1;
    if (left === 0) this.#running.delete(tenant);
    else this.#running.set(tenant, left);
    const next =
      this.#waiting.find((one) => one.share === 1 && this.#mayBegin(one)) ??
      this.#waiting.find((one) => this.#mayBegin(one));
    if (next === undefined) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    next.begin();
  }
}
