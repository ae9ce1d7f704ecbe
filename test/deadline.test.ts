import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { orFallback, orFallbackWithin, settlesWithin } from '../src/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = new Promise<never>(() => undefined);
const failsAfter = (ms: number) =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('broken')), ms);
  });

describe('orFallback', () => {
  test('settles as the work does, and keeps no timer', async () => {
    expect(await orFallback(1_000, Promise.resolve('done'), () => 'late')).toBe('done');
    await expect(
      orFallback(1_000, Promise.reject(new Error('broken')), () => 'late'),
    ).rejects.toThrow('broken');
  });

  test('gives what is said for work that takes too long, or throws it', async () => {
    const said = orFallback(1_000, never, () => 'late');
    const thrown = orFallback(1_000, never, () => {
      throw new Error('too late');
    });
    const checked = expect(thrown).rejects.toThrow('too late');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await said).toBe('late');
    await checked;
  });

  test('lets work fail that nobody waits for any more', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const said = orFallback(10, failsAfter(20), () => 'late');
    await vi.advanceTimersByTimeAsync(20);
    expect(await said).toBe('late');
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    vi.useFakeTimers();
  });
});

describe('settlesWithin', () => {
  test('says whether the work ended, good or bad', async () => {
    expect(await settlesWithin(1_000, Promise.resolve())).toBe(true);
    expect(await settlesWithin(1_000, Promise.reject(new Error('broken')))).toBe(true);
    const late = settlesWithin(1_000, never);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await late).toBe(false);
  });
});

test.each([
  ['an answer', () => Promise.resolve(1), 1],
  ['a failure', () => Promise.reject(new Error('down')), 0],
  ['silence', () => never, 0],
])('orFallbackWithin makes of %s in time %o', async (_, asking, expected) => {
  const answer = orFallbackWithin(asking(), 0, 20);
  await vi.advanceTimersByTimeAsync(20);
  expect(await answer).toBe(expected);
});
