/** Calls with the id of one that still runs wait for it as long as their own deadline permits. */
import { expect, test, vi } from 'vitest';
import { appUnderTest, fakeRun } from './app-under-test.ts';

const ask = (deadlineMs: number) => ({
  evaluationId: 'one',
  hooks: { Stop: [{ name: 'guard', command: 'exit 2', failMode: 'block' }] },
  dialect: 'claude-code',
  context: { hook_event_name: 'Stop' },
  deadlineMs,
});

function rig() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let runs = 0;
  const { app } = appUnderTest({
    backend: {
      run: async (job) => {
        runs += 1;
        await released;
        return fakeRun(job);
      },
    },
  });
  // It begins at once: inject() alone begins when it is awaited.
  const call = async (deadlineMs: number) =>
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask(deadlineMs) });
  return { call, release, runs: () => runs };
}

test('a call with less time than the first one is refused at its own deadline', async () => {
  const { call, release, runs } = rig();
  const first = call(20_000);
  await vi.waitFor(() => expect(runs()).toBe(1));
  const began = performance.now();
  const second = await call(200);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect([second.statusCode, second.json().error.code]).toEqual([503, 'OVERLOADED']);
  release();
  expect((await first).json()).toMatchObject({ decision: 'block' });
});

test('a call with more time gets the answer of the first one', async () => {
  const { call, release, runs } = rig();
  const calls = [call(10_000), call(20_000)];
  release();
  for (const answer of await Promise.all(calls))
    expect(answer.json()).toMatchObject({ decision: 'block' });
  expect(runs()).toBe(1);
});
