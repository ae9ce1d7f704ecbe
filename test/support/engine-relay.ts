/**
 * A relay between a client and the real engine: it records requests, can be frozen, and can change
 * a container's settings.
 */
import http, { type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { Engine } from '../../src/sandbox/engine.ts';
import { engineAddress } from '../../src/sandbox/engine-address.ts';

/** Changes the HostConfig of a new container. */
type Change = (hostConfig: object) => object;
type Target = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export class EngineRelay {
  readonly socketPath: string;
  /** First lines of the requests, in order. */
  readonly asked: string[] = [];
  readonly #target: Target;
  readonly #change: Change | undefined;
  readonly #server = http.createServer((request, response) => void this.#pass(request, response));
  readonly #sockets = new Set<net.Socket>();
  #frozen = false;

  private constructor(folder: string, target: Target, change: Change | undefined) {
    this.socketPath = path.join(folder, 'relay.sock');
    this.#target = target;
    this.#change = change;
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('upgrade', (request, socket: net.Socket, head) =>
      this.#attach(request, socket, head),
    );
  }

  /** @param folder for the socket */
  static async open(folder: string, change?: Change): Promise<EngineRelay> {
    const { socketPath, host, port } = engineAddress();
    const target =
      socketPath === undefined ? { host: String(host), port: Number(port) } : { socketPath };
    const relay = new EngineRelay(folder, target, change);
    await new Promise<void>((resolve) => relay.#server.listen(relay.socketPath, resolve));
    return relay;
  }

  /** From now on the relay accepts calls and never answers them; attached streams stay open. */
  freeze(): void {
    this.#frozen = true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#note(request);
    if (this.#frozen) return;
    const changes = this.#change !== undefined && /\/containers\/create/.test(request.url ?? '');
    const body = changes ? await this.#changed(request) : undefined;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options: RequestOptions = {
      ...this.#target,
      agent: false,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, ...length },
    };
    const forwarded = http.request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    if (body === undefined) request.pipe(forwarded);
    else forwarded.end(body);
  }

  async #changed(request: IncomingMessage): Promise<string> {
    const spec = (await json(request)) as { readonly HostConfig: object };
    return JSON.stringify({ ...spec, HostConfig: this.#change?.(spec.HostConfig) });
  }

  /** Passes raw bytes in both directions; each direction ends separately. */
  #attach(request: IncomingMessage, client: net.Socket, head: Buffer): void {
    this.#note(request);
    if (this.#frozen) return;
    const target = 'socketPath' in this.#target ? { path: this.#target.socketPath } : this.#target;
    const engine = net.connect({ ...target, allowHalfOpen: true });
    this.#keep(engine);
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
    engine.write([`${request.method} ${request.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
    engine.write(head);
    client.pipe(engine).pipe(client);
    engine.on('close', () => client.destroy());
    client.on('close', () => engine.destroy());
  }

  #note({ method, url }: IncomingMessage): void {
    this.asked.push(`${method} ${url} HTTP/1.1`);
  }

  #keep(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** An engine by the path of its socket, independent of DOCKER_HOST. */
export function engineAt(socketPath: string): Engine {
  return new Engine({ socketPath });
}
