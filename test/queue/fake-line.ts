/** The line between a dispatcher and the workers, which only answers what the test says. */
import { UnavailableError } from '../../src/errors.ts';
import type { Outcome } from '../../src/queue/outcome.ts';
import type { Entry, QueueClientOptions } from '../../src/queue/queue-client.ts';

/** What was sent, and what comes of it, in turn; the last outcome stays. */
export class FakeLine {
  sent: Entry[] = [];
  outcomes: (() => Outcome | Promise<Outcome>)[] = [];
  waits: number[] = [];
  closed = false;
  isReady = true;
  isDeserted = false;
  options: QueueClientOptions | undefined;

  /** The class that takes the place of QueueClient. */
  client() {
    const line = this;
    return class {
      constructor(options: QueueClientOptions) {
        line.options = options;
      }
      get isDeserted() {
        return line.isDeserted;
      }
      get closed() {
        return line.closed;
      }
      async ready() {
        if (!line.isReady) throw new UnavailableError('QUEUE_UNAVAILABLE', 'no Redis');
      }
      async close() {
        line.closed = true;
      }
      async reconnected(ms: number) {
        line.waits.push(ms);
      }
      async send(entry: Entry) {
        line.sent.push(entry);
        return (line.outcomes.length > 1 ? line.outcomes.shift() : line.outcomes[0])?.();
      }
    };
  }
}
