import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closePool } from '../../src/cli/close-pool.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a pool that is left is waited for, and nothing is said', async () => {
  const said: string[] = [];
  await closePool({ leave: async () => undefined }, { err: (text) => void said.push(text) });
  expect(said).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('an engine that hangs holds up nobody for more than five seconds', async () => {
  const said: string[] = [];
  let closed = false;
  const closing = closePool(
    { leave: () => new Promise(() => undefined) },
    { err: (text) => void said.push(text) },
  ).then(() => {
    closed = true;
  });
  await vi.advanceTimersByTimeAsync(4_999);
  expect(closed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
  expect(said).toHaveLength(1);
});
