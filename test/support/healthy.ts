/** What every test that breaks something asks afterwards. */
import { expect, vi } from 'vitest';
import type { QueueRunner } from '../../src/queue/queue-runner.ts';
import { bashHook } from './queue-job.ts';
import { ask } from './queue-rig.ts';

/** How much later than its deadline an answer may be: one stall of a busy machine. */
export const slackMs = 250;

/** Blocks with "no", in a sandbox as well as where playScript() plays one. */
export const quick = bashHook(': reason: no\necho no >&2; exit 2');

/** Milliseconds until an evaluation is answered by its script again. Fails after `withinMs`. */
export async function untilHealthy(runner: QueueRunner, withinMs = 5_000): Promise<number> {
  const started = performance.now();
  await vi.waitFor(
    async () => expect((await ask(runner, quick, 2_000)).decision).toMatchObject({ decision: 'block', reason: 'no' }),
    { timeout: withinMs, interval: 50 },
  );
  return performance.now() - started;
}
