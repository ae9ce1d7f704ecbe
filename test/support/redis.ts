/** A private redis-server on a free loopback port that writes no file; it ends with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';

export class TestRedis {
  readonly port: number;
  readonly url: string;
  readonly #extra: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, extra: readonly string[]) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#extra = extra;
  }

  /** @param extra further arguments, such as `--maxmemory 8mb`. */
  static async start(...extra: string[]): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), extra);
    await redis.start();
    return redis;
  }

  get settings() {
    return { url: this.url };
  }

  /** Starts the server, empty, at the same port. */
  async start(): Promise<void> {
    const own = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--dir',
      tmpdir(),
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    this.#child = spawn('redis-server', [...own, ...this.#extra], { stdio: 'ignore' });
    await this.use((client) => client.ping());
  }

  async use<T>(action: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url, { maxRetriesPerRequest: 200, retryStrategy: () => 20 });
    client.on('error', () => undefined);
    try {
      return await action(client);
    } finally {
      client.disconnect();
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  remove(): Promise<void> {
    return this.kill();
  }
}

/** A loopback port without a listener. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
