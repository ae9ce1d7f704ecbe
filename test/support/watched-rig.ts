/** An outbound rig that keeps every command which any process sends to its Redis. */
import { expect, vi } from 'vitest';
import { OutboundRig } from './outbound-rig.ts';

export class WatchedRig {
  readonly rig: OutboundRig;
  readonly commands: string[][] = [];
  #stop: () => void = () => undefined;

  private constructor(rig: OutboundRig) {
    this.rig = rig;
  }

  /** @param env of the server, besides its own */
  static async start(env: NodeJS.ProcessEnv = {}): Promise<WatchedRig> {
    const watched = new WatchedRig(await OutboundRig.start(env));
    await watched.rig.redis.use(async (client) => {
      const monitor = await client.monitor();
      monitor.on('error', () => undefined);
      monitor.on('monitor', (_: string, args: string[]) => watched.commands.push(args));
      watched.#stop = () => monitor.disconnect();
    });
    return watched;
  }

  /** The commands in which the text stands. */
  holding(text: string): string[][] {
    return this.commands.filter((args) => args.join(' ').includes(text));
  }

  /** The text of an evaluation's record, which is written after its answer. */
  async record(evaluationId: string): Promise<string> {
    const { text } = await vi.waitFor(async () => {
      const found = await this.rig.server.ask('GET', `/v1/evaluations/${evaluationId}`);
      expect(found.status).toBe(200);
      return found;
    });
    return text;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.rig.close();
  }
}
