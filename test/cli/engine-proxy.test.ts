import { afterEach, expect, test, vi } from 'vitest';
import { atMost } from '../../src/cli/engine-proxy.ts';

afterEach(() => void vi.useRealTimers());

test('a flood of refusals makes a few lines a second, and the next line counts the rest', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const lines: number[] = [];
  const log = atMost(3, (_, leftOut) => lines.push(leftOut));
  const call = { type: 'refused', method: 'GET', path: '/', reason: 'no' } as const;
  for (let count = 0; count < 100; count++) log(call);
  expect(lines).toEqual([0, 0, 0]);
  vi.advanceTimersByTime(1_000);
  log(call);
  log(call);
  expect(lines).toEqual([0, 0, 0, 97, 0]);
});
