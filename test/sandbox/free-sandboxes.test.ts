import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FreeSandboxes } from '../../src/sandbox/free-sandboxes.ts';
import { FakeSandbox } from '../support/fake-sandbox.ts';

const limits = { idleMs: 1_000, maxAgeMs: 5_000 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('a tenant gets the sandbox that it used last, and none of another tenant', () => {
  const free = new FreeSandboxes();
  const [first, last] = [new FakeSandbox(), new FakeSandbox()];
  free.addIdle(first, 'a');
  free.addIdle(last, 'a');
  expect(free.takeIdleOf('b')).toBeUndefined();
  expect([free.takeIdleOf('a'), free.takeIdleOf('a')]).toEqual([last, first]);
  expect(free.takeIdleOf('a')).toBeUndefined();
});

it('a blank sandbox is for everybody, and goes to the first who asks', () => {
  const free = new FreeSandboxes();
  const [first, last] = [new FakeSandbox(), new FakeSandbox()];
  free.addBlank(first);
  free.addBlank(last);
  expect([free.takeBlank(), free.takeBlank(), free.takeBlank()]).toEqual([first, last, undefined]);
});

it('a sandbox that was taken away is counted no more', () => {
  const free = new FreeSandboxes();
  const [blank, idle] = [new FakeSandbox(), new FakeSandbox()];
  free.addBlank(blank);
  free.addIdle(idle, 'a');
  expect([free.take(blank), free.take(idle), free.take(idle)]).toEqual([true, true, false]);
  expect([free.blank, free.idle, free.all()]).toEqual([0, 0, []]);
});

it('a sandbox expires by its age, and an idle one also by its wait', () => {
  const free = new FreeSandboxes();
  const [blank, idle] = [new FakeSandbox(), new FakeSandbox()];
  free.addBlank(blank);
  free.addIdle(idle, 'a');
  vi.advanceTimersByTime(1_001);
  expect(free.takeExpired(limits)).toEqual({ worn: [], unused: [idle] });
  vi.advanceTimersByTime(4_000);
  expect(free.takeExpired(limits)).toEqual({ worn: [blank], unused: [] });
  expect(free.all()).toEqual([]);
});
