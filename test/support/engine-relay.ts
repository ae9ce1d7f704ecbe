/** A wire to the real engine that writes down what is asked, and can be frozen. */
import net from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import Docker from 'dockerode';
import type { EngineAddress } from '../../src/sandbox/attach.ts';
import { Engine } from '../../src/sandbox/engine.ts';

export class EngineRelay {
  readonly socketPath: string;
  /** First lines of the requests, in order. */
  readonly asked: string[] = [];
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #calls = new Map<net.Socket, net.Socket>();
  #frozen = false;

  private constructor(folder: string, target: net.NetConnectOpts) {
    this.socketPath = path.join(folder, 'relay.sock');
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => {
      const engine = net.connect({ ...target, allowHalfOpen: true });
      this.#keep(socket);
      this.#keep(engine);
      this.#calls.set(socket, engine);
      socket.pipe(this.#recorder(socket));
      if (!this.#frozen) socket.pipe(engine);
      engine.pipe(socket);
      engine.on('close', () => socket.destroy());
      socket.on('close', () => engine.destroy());
    });
  }

  static async open(folder: string): Promise<EngineRelay> {
    const address = new Docker().modem as EngineAddress;
    const socketPath = typeof address.socketPath === 'function' ? await address.socketPath() : address.socketPath;
    const target = socketPath ? { path: socketPath } : { host: String(address.host), port: Number(address.port) };
    const relay = new EngineRelay(folder, target);
    await new Promise<void>((resolve) => relay.#server.listen(relay.socketPath, resolve));
    return relay;
  }

  /** Calls are taken from now on and never answered; attached streams live on. */
  freeze(): void {
    this.#frozen = true;
    for (const [socket, engine] of this.#calls) socket.unpipe(engine);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #recorder(socket: net.Socket): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        const [line = ''] = chunk.toString('latin1').split('\r\n', 1);
        if (line.endsWith(' HTTP/1.1')) this.asked.push(line);
        if (line.includes('/attach?')) this.#calls.delete(socket);
        done();
      },
    });
  }

  #keep(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#calls.delete(socket);
    });
  }
}

/** An engine by the path of its socket, whatever DOCKER_HOST says. */
export function engineAt(socketPath: string): Engine {
  return new Engine(new Docker({ socketPath, host: undefined }));
}
