/**
 * Live events: what has just happened, for people who watch. Of a tenant that is watched, or was
 * until a short time ago, the last ones are kept, so that a reader that comes back gets what it has
 * missed; tenants share 1,000 fairly. Of a tenant that nobody watches an event is not even made.
 */
import { randomUUID } from 'node:crypto';
import { FairMap } from './fair-map.ts';

const keptEvents = 1_000;
/** How long after its last reader a tenant's events are kept. */
const awayMs = 60_000;

export type LiveEventName = 'evaluation' | 'hookset';

export interface LiveEvent {
  readonly id: string;
  readonly event: LiveEventName;
  readonly data: object;
}

interface Kept extends LiveEvent {
  readonly place: number;
}

/** The time in which a tenant is watched. Its ids count its events, and tell nothing of others. */
interface Watch {
  readonly name: string;
  readonly listeners: Set<Listener>;
  places: number;
  /** When the last reader left, on the clock of performance.now(). */
  leftAt: number | undefined;
}

type Listener = (event: LiveEvent) => void;

export interface RelayedEvent {
  readonly tenant: string;
  readonly event: LiveEventName;
  readonly data: object;
}

/** An event whose data is made when somebody reads it. */
export interface PublishedEvent extends Omit<RelayedEvent, 'data'> {
  readonly data: () => object;
}

/** Carries events to the servers that share a queue with this one, and theirs to this one. */
export interface EventRelay {
  /** Makes the data only where another server reads. */
  send(event: PublishedEvent): void;
  /** @returns the function that ends it */
  listen(listener: (event: RelayedEvent) => void): () => void;
}

/** What an event source needs of the hub. */
export interface EventSink {
  /** @param data called at most once for each reader of it: the hub, and the other servers */
  publish(tenant: string, event: LiveEventName, data: () => object): void;
}

export class EventHub implements EventSink {
  readonly #kept = new FairMap<Kept>(keptEvents, Infinity);
  readonly #watches = new Map<string, Watch>();
  readonly #relay: EventRelay | undefined;
  #stopRelay: (() => void) | undefined;

  /** @param relay absent: this server is alone. It is listened to only while somebody reads. */
  constructor(relay?: EventRelay | undefined) {
    this.#relay = relay;
  }

  publish(tenant: string, event: LiveEventName, data: () => object): void {
    this.#tell({ tenant, event, data });
    this.#relay?.send({ tenant, event, data });
  }

  #tell({ tenant, event, data }: PublishedEvent): void {
    const watch = this.#watchOf(tenant);
    if (watch === undefined) return;
    const place = ++watch.places;
    const id = `${watch.name}.${place}`;
    const kept = { id, event, data: data(), place };
    this.#kept.set(tenant, id, kept, 0);
    for (const listener of watch.listeners) listener(kept);
  }

  /** @returns undefined where nobody has watched the tenant for a while. */
  #watchOf(tenant: string): Watch | undefined {
    const watch = this.#watches.get(tenant);
    if (watch?.leftAt === undefined || performance.now() - watch.leftAt < awayMs) return watch;
    this.#end(tenant);
    return undefined;
  }

  #end(tenant: string): void {
    this.#watches.delete(tenant);
    for (const { id } of this.#kept.values(tenant)) this.#kept.delete(tenant, id);
  }

  /** @returns the function that ends it */
  subscribe(tenant: string, listener: Listener): () => void {
    // Those that have ended go, so that they are never more than a minute's.
    for (const one of [...this.#watches.keys()]) this.#watchOf(one);
    const watch = this.#watches.get(tenant) ?? newWatch();
    watch.leftAt = undefined;
    watch.listeners.add(listener);
    this.#watches.set(tenant, watch);
    this.#stopRelay ??= this.#relay?.listen(({ data, ...rest }) =>
      this.#tell({ ...rest, data: () => data }),
    );
    return () => this.#leave(watch, listener);
  }

  #leave(watch: Watch, listener: Listener): void {
    if (!watch.listeners.delete(listener) || watch.listeners.size > 0) return;
    watch.leftAt = performance.now();
    const all = [...this.#watches];
    if (all.some(([, { leftAt }]) => leftAt === undefined)) return;
    this.#stopRelay?.();
    this.#stopRelay = undefined;
    // What other servers tell from now on is missed.
    if (this.#relay !== undefined) for (const [tenant] of all) this.#end(tenant);
  }

  /**
   * The events of a tenant since an id.
   * @returns undefined where some of them are not kept any more, or the id is of another process
   */
  since(tenant: string, id: string): readonly LiveEvent[] | undefined {
    const watch = this.#watchOf(tenant);
    const [name, place] = id.split('.');
    const last = Number(place);
    if (watch === undefined || name !== watch.name || !Number.isSafeInteger(last)) return undefined;
    const events = this.#kept.values(tenant).filter((one) => one.place > last);
    return events.length === watch.places - last ? events : undefined;
  }
}

function newWatch(): Watch {
  const name = randomUUID().slice(0, 8);
  return { name, listeners: new Set(), places: 0, leftAt: undefined };
}
