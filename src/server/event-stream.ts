/** One reader of live events: a response that stays open, in the format of server-sent events. */
import type { ServerResponse } from 'node:http';
import type { LiveEvent } from './event-hub.ts';

/**
 * A proxy ends a connection on which nothing is sent for 30 to 60 s. A reader that takes nothing
 * between two of them is left: it holds a place that others wait for.
 */
const heartbeatMs = 15_000;
/** Events that wait for a reader that does not read; older ones are dropped. */
const waitingMost = 200;

export class EventStream {
  readonly #response: ServerResponse;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #waiting: LiveEvent[] = [];
  #dropped = 0;
  /** The reader had something to read at the last heartbeat, and has not read it since. */
  #isStuck = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
    this.#heartbeat.unref();
    response.on('drain', () => this.#flush());
    response.once('close', () => clearInterval(this.#heartbeat));
  }

  send(event: LiveEvent): void {
    if (!this.#response.writableNeedDrain) {
      this.#write(event);
      return;
    }
    this.#waiting.push(event);
    if (this.#waiting.length <= waitingMost) return;
    this.#waiting.shift();
    this.#dropped++;
  }

  /** Tells that events are missing, so that the reader asks for the list again. */
  tellDropped(count: number): void {
    this.#response.write(`event: dropped\ndata: ${JSON.stringify({ count })}\n\n`);
  }

  end(): void {
    clearInterval(this.#heartbeat);
    this.#response.end();
  }

  #flush(): void {
    this.#isStuck = false;
    if (this.#dropped > 0) this.tellDropped(this.#dropped);
    this.#dropped = 0;
    while (!this.#response.writableNeedDrain) {
      const event = this.#waiting.shift();
      if (event === undefined) return;
      this.#write(event);
    }
  }

  #write({ id, event, data }: LiveEvent): void {
    this.#response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #beat(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(': \n\n');
    else if (this.#isStuck) this.#response.destroy();
    else this.#isStuck = true;
  }
}
