/**
 * Connections, of callers known and unknown: bounded, so that nobody fills the process with them. When there
 * are too many, the one that has said nothing for longest goes, and never one whose request is worked on.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How long a caller may take, in milliseconds, and how often that is looked at: for the head of a request,
 * from the beginning of the connection, and for all of it.
 */
export const arrivalTimes = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 } as const;

export class Connections {
  readonly #most: number;
  /** All, by the requests that run on each. */
  readonly #running = new Map<Socket, number>();
  /** Those without a request, the longest silent first. */
  readonly #quiet = new Set<Socket>();

  constructor(server: Server, most: number) {
    this.#most = most;
    server.on('connection', (socket: Socket) => this.#opened(socket));
  }

  /** The head of a request has come. */
  began(socket: Socket): void {
    const running = this.#running.get(socket);
    if (running === undefined) return;
    this.#running.set(socket, running + 1);
    this.#quiet.delete(socket);
  }

  /** An answer is out. */
  ended(socket: Socket): void {
    const running = this.#running.get(socket);
    if (running === undefined) return;
    this.#running.set(socket, running - 1);
    if (running === 1) this.#quiet.add(socket);
    // The next request of a caller that does not wait for answers may take longer than an answer may.
    else socket.setTimeout(0);
  }

  #opened(socket: Socket): void {
    this.#running.set(socket, 0);
    this.#quiet.add(socket);
    socket.once('close', () => {
      this.#running.delete(socket);
      this.#quiet.delete(socket);
    });
    if (this.#running.size <= this.#most) return;
    // The newcomer itself, where all others are at work.
    const [silent = socket] = this.#quiet;
    silent.destroy();
    this.#running.delete(silent);
    this.#quiet.delete(silent);
  }
}
