/**
 * Limits the number of connections, also of clients without a token, so that no client can fill the
 * process with them. When there are too many, the one that has been idle for longest is closed,
 * never one whose request is worked on.
 */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Timeouts of node's HTTP server in milliseconds: for the head of a request (from the beginning of
 * the connection), for the whole request, and the interval at which node checks both.
 */
export const arrivalTimes = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
} as const;

export class Connections {
  readonly #most: number;
  /** All connections, with the responses to the running requests of each. */
  readonly #running = new Map<Socket, Set<ServerResponse>>();
  /** Connections without a request, the longest idle first. */
  readonly #quiet = new Set<Socket>();

  constructor(server: Server, most: number) {
    this.#most = most;
    server.on('connection', (socket: Socket) => this.#opened(socket));
  }

  /** Call when the head of a request has arrived. */
  began(socket: Socket, response: ServerResponse): void {
    const running = this.#running.get(socket);
    if (running === undefined) return;
    running.add(response);
    this.#quiet.delete(socket);
  }

  /** Call when an answer has been sent or its connection is closed. */
  ended(socket: Socket, response: ServerResponse): void {
    const running = this.#running.get(socket);
    if (running?.delete(response) !== true) return;
    if (running.size === 0) this.#quiet.add(socket);
    // A client that pipelines requests: the next one may run for longer than the timeout of an
    // answer.
    else socket.setTimeout(0);
  }

  #opened(socket: Socket): void {
    this.#running.set(socket, new Set());
    this.#quiet.add(socket);
    socket.once('close', () => {
      const running = this.#running.get(socket) ?? [];
      this.#running.delete(socket);
      this.#quiet.delete(socket);
      // Of pipelined requests node tells only the response whose turn it is, which has the socket:
      // the others would keep their places for ever.
      for (const response of running) if (response.socket === null) response.emit('close');
    });
    if (this.#running.size <= this.#most) return;
    // Closes the new connection itself where all others have requests.
    const [silent = socket] = this.#quiet;
    silent.destroy();
    this.#running.delete(silent);
    this.#quiet.delete(silent);
  }
}
