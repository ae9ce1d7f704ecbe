/** `hookpool engine-proxy` in a separate process, as operators run it. Needs `npm run build`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');

export class ProxyProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  log = '';

  private constructor(args: readonly string[]) {
    const stdio = ['ignore', 'ignore', 'pipe'] as const;
    this.#child = spawn(process.execPath, [main, 'engine-proxy', ...args], { stdio: [...stdio] });
    this.#ended = once(this.#child, 'close');
  }

  /** Starts the proxy and waits until it listens. */
  static async start(...args: string[]): Promise<ProxyProcess> {
    const proxy = new ProxyProcess(args);
    await new Promise<void>((resolve, reject) => {
      proxy.#child.stderr?.on('data', (chunk: Buffer) => {
        proxy.log += chunk.toString();
        if (proxy.log.includes('"listening"')) resolve();
      });
      void proxy.#ended.then(() => reject(new Error(`It ended before it listened: ${proxy.log}`)));
    });
    return proxy;
  }

  /** @returns the exit code, null when a signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    const [code] = (await this.#ended) as [number | null];
    return code;
  }
}
