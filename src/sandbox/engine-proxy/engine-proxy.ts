/**
 * A server on a unix socket that offers the part of the engine's API that a pool needs. Of what a
 * caller sends, it forwards only a container id that was looked up, a user id and an owner's name
 * that were checked, and the bytes of an attached stream.
 */
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { orFallback } from '../../deadline.ts';
import { messageOf } from '../../errors.ts';
import { type Answer, failure, rawAnswer } from './answer.ts';
import { joinStreams } from './join-streams.ts';
import { permittedCall } from './permitted-call.ts';
import { PermittedEngine, type PermittedEngineOptions } from './permitted-engine.ts';
import { Refused } from './refused.ts';
import { listenOnSocket } from './unix-socket.ts';

export interface EngineProxyOptions extends PermittedEngineOptions {
  readonly observe: (event: FailedCall) => void;
}

/** A request that was not carried out: refused by the proxy, or failed at the engine. */
export interface FailedCall {
  readonly type: 'refused' | 'failed';
  readonly method: string;
  readonly path: string;
  /** Names fields, never their values. */
  readonly reason: string;
}

/** One for the attached stream, one for calls about the container. */
const connectionsPerContainer = 2;
const spareConnections = 32;
const maxHeaderBytes = 8 * 1024;
/** A container spec has 7 KiB. */
const maxBodyBytes = 64 * 1024;
/** From the first byte of a request to its last. */
const requestTimeoutMs = 10_000;
const timeoutCheckMs = 1_000;
const closeTimeoutMs = 5_000;
const shownPathCharacters = 200;

export class EngineProxy {
  readonly #images: readonly string[];
  readonly #permitted: PermittedEngine;
  readonly #observe: EngineProxyOptions['observe'];
  readonly #server: http.Server;
  readonly #streams = new Set<Duplex>();

  constructor(options: EngineProxyOptions) {
    this.#images = options.spec.profiles.map(({ image }) => image);
    this.#permitted = new PermittedEngine(options);
    this.#observe = options.observe;
    this.#server = http.createServer({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
    });
    this.#server.maxConnections = options.max * connectionsPerContainer + spareConnections;
    this.#server.on('request', (request, response) => void this.#respond(request, response));
    this.#server.on(
      'upgrade',
      (request, socket, head) => void this.#upgrade(request, socket, head),
    );
    this.#server.on(
      'drop',
      () => void this.#fail({}, new Refused(503, 'Too many connections at once.')),
    );
    this.#server.on('clientError', (error, socket) => this.#refuseBroken(error, socket));
  }

  /** @throws InvalidInputError `INVALID_CONFIG` when the socket cannot be used */
  listen(path: string, mode: number): Promise<void> {
    return listenOnSocket(this.#server, path, mode);
  }

  /**
   * Closes the socket and every stream, and removes every container that was created through this
   * proxy. Waits 5 s at most for an engine that does not answer: the containers end with their
   * streams.
   */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    for (const stream of this.#streams) stream.destroy();
    await orFallback(
      closeTimeoutMs,
      Promise.all([this.#permitted.close(), closed]),
      () => undefined,
    );
  }

  async #respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { status, body } = await this.#answer(request).catch((error: unknown) =>
      this.#fail(request, error),
    );
    // Each request has its own connection: an idle one could be closed at the moment when a caller
    // uses it again.
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(body);
  }

  async #answer(request: http.IncomingMessage): Promise<Answer> {
    const { verb, id } = permittedCall(request, this.#images);
    if (verb === 'attach')
      throw new Refused(400, 'An attach needs the header Connection: Upgrade.');
    return this.#permitted.perform(verb, id, await readBody(request));
  }

  /** Attaches, or answers with the error. permittedCall() refuses every other upgrade. */
  async #upgrade(request: http.IncomingMessage, caller: Duplex, head: Buffer): Promise<void> {
    caller.on('error', () => undefined);
    this.#track(caller);
    try {
      const stream = await this.#permitted.attach(permittedCall(request, this.#images).id);
      this.#track(stream);
      if (head.length > 0) caller.unshift(head);
      caller.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      joinStreams(caller, stream);
      if (caller.destroyed) stream.destroy();
    } catch (error) {
      caller.end(rawAnswer(this.#fail(request, error)), () => caller.destroy());
    }
  }

  /** Answers input that Node's HTTP parser rejected: it has no request object. */
  #refuseBroken(error: Error, socket: Duplex): void {
    const reason = `This is no HTTP request: ${messageOf(error)}.`;
    const broken = this.#fail({}, new Refused(400, reason));
    if (socket.writable) socket.end(rawAnswer(broken), () => socket.destroy());
    else socket.destroy();
  }

  #fail(
    { method = '', url = '' }: { method?: string | undefined; url?: string | undefined },
    error: unknown,
  ): Answer {
    const type = error instanceof Refused ? 'refused' : 'failed';
    this.#observe({
      type,
      method,
      path: url.slice(0, shownPathCharacters),
      reason: messageOf(error),
    });
    return failure(error);
  }

  #track(stream: Duplex): void {
    this.#streams.add(stream);
    stream.on('close', () => this.#streams.delete(stream));
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Refused(413, `A body may have ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
