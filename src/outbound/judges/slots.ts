/** How many questions one judge has at once, with a share for each tenant. */
import { OutboundError } from '../../errors.ts';

interface Waiting {
  readonly tenant: string;
  readonly begin: () => void;
}

/** Questions that may wait, per place. */
const waitingPerPlace = 16;

/** A tenant has at most half of the places, and the next place goes to the first that may begin. */
export class Slots {
  readonly #most: number;
  readonly #share: number;
  readonly #running = new Map<string, number>();
  readonly #waiting: Waiting[] = [];

  constructor(most: number) {
    this.#most = most;
    this.#share = Math.ceil(most / 2);
  }

  /**
   * Runs the work when there is a place. @throws OutboundError `JUDGE_UNAVAILABLE` where too many
   * wait, or the signal's reason.
   */
  async run<T>(tenant: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#begin(tenant, signal);
    try {
      return await work();
    } finally {
      this.#end(tenant);
    }
  }

  async #begin(tenant: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#mayBegin(tenant)) return this.#take(tenant);
    const own = this.#waiting.filter((one) => one.tenant === tenant).length;
    const most = this.#most * waitingPerPlace;
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
        tenant,
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

  #mayBegin(tenant: string): boolean {
    const all = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    return all < this.#most && (this.#running.get(tenant) ?? 0) < this.#share;
  }

  #take(tenant: string): void {
    this.#running.set(tenant, (this.#running.get(tenant) ?? 0) + 1);
  }

  #end(tenant: string): void {
    const left = Number(this.#running.get(tenant)) - 1;
    if (left === 0) this.#running.delete(tenant);
    else this.#running.set(tenant, left);
    const at = this.#waiting.findIndex((one) => this.#mayBegin(one.tenant));
    const [next] = at < 0 ? [] : this.#waiting.splice(at, 1);
    next?.begin();
  }
}
