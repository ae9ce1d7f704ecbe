/** Checks that evaluations work again, for tests that break a component. */
import { expect, vi } from 'vitest';
import type { QueueRunner } from '../../src/queue/queue-runner.ts';
import { bashHook } from './queue-job.ts';
import { ask } from './queue-rig.ts';

/** Permitted delay of an answer after a plain timer of its deadline: for the answer itself. */
export const slackMs = 250;

/** Blocks with "no", both in a sandbox and with playScript(). */
export const quick = bashHook(': reason: no\necho no >&2; exit 2');

/** @returns milliseconds until a script answers an evaluation again. Fails after `withinMs`. */
export async function untilHealthy(runner: QueueRunner, withinMs = 5_000): Promise<number> {
  const started = performance.now();
  await vi.waitFor(
    async () =>
      expect((await ask(runner, quick, 2_000)).decision).toMatchObject({
        decision: 'block',
        reason: 'no',
      }),
    { timeout: withinMs, interval: 50 },
  );
  return performance.now() - started;
}
