import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { monotonicMs } from '../../src/queue/monotonic.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('it counts milliseconds, whole seconds and parts of them', () => {
  const from = monotonicMs();
  vi.advanceTimersByTime(61_250);
  expect(monotonicMs() - from).toBeCloseTo(61_250, 3);
});

it('the clock of the day, when somebody sets it, is nothing to it', () => {
  const from = monotonicMs();
  vi.setSystemTime(0);
  expect(monotonicMs() - from).toBeCloseTo(0, 3);
});
