/** When a worker whose engine fails takes no jobs, and for how long. */
import { afterEach, expect, it, vi } from 'vitest';
import { EnginePause } from '../../src/queue/engine-pause.ts';

afterEach(() => vi.useRealTimers());

it('a worker whose engine fails rests longer each time, at most 4 s, and shortly again once a job was run', () => {
  vi.useFakeTimers();
  const calls: string[] = [];
  const rest = new EnginePause({
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
  });
  const lengths = [];
  for (const code of [
    'ENGINE_DOWN',
    'ENGINE_TIMEOUT',
    'IMAGE_MISSING',
    'IMAGE_MISMATCH',
    'CREATE_FAILED',
    'START_FAILED',
  ]) {
    rest.afterJob(code);
    rest.afterJob(code);
    const from = Date.now();
    while (rest.resting) vi.advanceTimersByTime(100);
    lengths.push(Date.now() - from);
  }
  expect(lengths).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  rest.afterJob(undefined);
  rest.afterJob('ENGINE_DOWN');
  vi.advanceTimersByTime(500);
  expect([rest.resting, calls.length]).toEqual([false, 14]);
});

it.each([undefined, 'HOOK_TIMED_OUT', 'POOL_EXHAUSTED', 'SANDBOX_LOST', 'WORKSPACE_FAILED'])(
  '%s is no reason to rest',
  (code) => {
    const rest = new EnginePause({ pause: () => expect.unreachable(), resume: () => undefined });
    rest.afterJob(code);
    expect(rest.resting).toBe(false);
  },
);
