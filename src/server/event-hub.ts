/**
 * Live events: what has just happened, for people who watch. The last 1,000 are kept, so that a
 * reader that comes back gets what it has missed; tenants share that number fairly.
 */
import { randomUUID } from 'node:crypto';
import { FairMap } from './fair-map.ts';

const keptEvents = 1_000;

export type LiveEventName = 'evaluation' | 'hookset';

export interface LiveEvent {
  readonly id: string;
  readonly event: LiveEventName;
  readonly data: object;
}

interface Kept extends LiveEvent {
  readonly place: number;
}

type Listener = (event: LiveEvent) => void;

export interface RelayedEvent {
  readonly tenant: string;
  readonly event: LiveEventName;
  readonly data: object;
}

/** Carries events to the servers that share a queue with this one, and theirs to this one. */
export interface EventRelay {
  send(event: RelayedEvent): void;
  /** @returns the function that ends it */
  listen(listener: (event: RelayedEvent) => void): () => void;
}

/** What an event source needs of the hub. */
export interface EventSink {
  publish(tenant: string, event: LiveEventName, data: object): void;
}

export class EventHub implements EventSink {
  readonly #kept = new FairMap<Kept>(keptEvents, Infinity);
  readonly #listeners = new Map<string, Set<Listener>>();
  /** Tells the ids of this process from those of another one. */
  readonly #process = randomUUID().slice(0, 8);
  readonly #relay: EventRelay | undefined;
  #places = 0;
  #stopRelay: (() => void) | undefined;

  /** @param relay absent: this server is alone. It is listened to only while somebody reads. */
  constructor(relay?: EventRelay | undefined) {
    this.#relay = relay;
  }

  publish(tenant: string, event: LiveEventName, data: object): void {
    this.#tell({ tenant, event, data });
    this.#relay?.send({ tenant, event, data });
  }

  #tell({ tenant, event, data }: RelayedEvent): void {
    this.#places++;
    const id = `${this.#process}.${this.#places}`;
    const kept = { id, event, data, place: this.#places };
    this.#kept.set(tenant, id, kept, 0);
    for (const listener of this.#listeners.get(tenant) ?? []) listener(kept);
  }

  /** @returns the function that ends it */
  subscribe(tenant: string, listener: Listener): () => void {
    const all = this.#listeners.get(tenant) ?? new Set();
    this.#listeners.set(tenant, all.add(listener));
    this.#stopRelay ??= this.#relay?.listen((event) => this.#tell(event));
    return () => {
      all.delete(listener);
      if (all.size === 0 && this.#listeners.get(tenant) === all) this.#listeners.delete(tenant);
      if (this.#listeners.size > 0) return;
      this.#stopRelay?.();
      this.#stopRelay = undefined;
    };
  }

  /**
   * The events of a tenant since an id.
   * @returns undefined where some of them are not kept any more, or the id is of another process
   */
  since(tenant: string, id: string): readonly LiveEvent[] | undefined {
    const [process, place] = id.split('.');
    const last = Number(place);
    if (process !== this.#process || !Number.isSafeInteger(last) || last > this.#places)
      return undefined;
    const events = this.#kept.values(tenant);
    const isWhole =
      this.#kept.get(tenant, id) !== undefined || events.every((one) => one.place > last);
    const hasAll = last >= this.#places - keptEvents;
    return isWhole && hasAll ? events.filter((one) => one.place > last) : undefined;
  }
}
