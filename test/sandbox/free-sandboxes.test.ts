import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultKind, type SandboxKind } from '../../src/protocol/sandbox-kind.ts';
import { FreeSandboxes } from '../../src/sandbox/free-sandboxes.ts';
import { FakeSandbox } from '../support/fake-sandbox.ts';

const member = (sandbox: FakeSandbox, kind: SandboxKind = defaultKind) => ({ sandbox, kind });
const kept = { isKept: ({ profile }: SandboxKind) => profile === defaultKind.profile };
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
  free.addIdle(member(first), 'a');
  free.addIdle(member(last), 'a');
  expect(free.takeIdleOf('b', defaultKind)).toBeUndefined();
  expect([free.takeIdleOf('a', defaultKind), free.takeIdleOf('a', defaultKind)]).toEqual([
    member(last),
    member(first),
  ]);
  expect(free.takeIdleOf('a', defaultKind)).toBeUndefined();
});

it('a blank sandbox is for everybody, and goes to the first who asks', () => {
  const free = new FreeSandboxes();
  const [first, last] = [new FakeSandbox(), new FakeSandbox()];
  free.addBlank(member(first));
  free.addBlank(member(last));
  expect([
    free.takeBlank(defaultKind),
    free.takeBlank(defaultKind),
    free.takeBlank(defaultKind),
  ]).toEqual([member(first), member(last), undefined]);
});

it('a sandbox that was taken away is counted no more', () => {
  const free = new FreeSandboxes();
  const [blank, idle] = [new FakeSandbox(), new FakeSandbox()];
  free.addBlank(member(blank));
  free.addIdle(member(idle), 'a');
  expect([free.take(blank), free.take(idle), free.take(idle)]).toEqual([
    member(blank),
    member(idle),
    undefined,
  ]);
  expect([free.blank, free.idle, free.all()]).toEqual([0, 0, []]);
});

it('a sandbox expires by its age, and an idle one also by its wait', () => {
  const free = new FreeSandboxes();
  const [blank, idle] = [new FakeSandbox(), new FakeSandbox()];
  free.addBlank(member(blank));
  free.addIdle(member(idle), 'a');
  vi.advanceTimersByTime(1_001);
  expect(free.takeExpired(limits, kept)).toEqual({ worn: [], unused: [member(idle)] });
  vi.advanceTimersByTime(4_000);
  expect(free.takeExpired(limits, kept)).toEqual({ worn: [member(blank)], unused: [] });
  expect(free.all()).toEqual([]);
});

it('a sandbox goes to jobs of its kind alone', () => {
  const free = new FreeSandboxes();
  const full = { profile: 'full' };
  const here = { profile: 'full', workspace: '/srv/a' };
  const [blank, idle] = [new FakeSandbox(), new FakeSandbox()];
  free.addBlank(member(blank, full));
  free.addIdle(member(idle, here), 'a');
  expect([free.blankOf(defaultKind), free.blankOf(here), free.blankOf(full)]).toEqual([0, 0, 1]);
  expect([free.takeBlank(defaultKind), free.takeBlank(here)]).toEqual([undefined, undefined]);
  expect([free.takeIdleOf('a', full), free.takeIdleOf('a', defaultKind)]).toEqual([
    undefined,
    undefined,
  ]);
  expect(free.takeIdleOf('a', here)).toEqual(member(idle, here));
  expect(free.takeBlank(full)).toEqual(member(blank, full));
});

it('the longest idle sandbox is missed least, then the oldest blank one', () => {
  const free = new FreeSandboxes();
  const [blank, first, last] = [new FakeSandbox(), new FakeSandbox(), new FakeSandbox()];
  free.addBlank(member(blank));
  free.addIdle(member(first), 'a');
  free.addIdle(member(last), 'b');
  const taken = [1, 2, 3, 4].map(() => free.takeLeastMissed()?.sandbox);
  expect(taken).toEqual([first, last, blank, undefined]);
});

it('a blank sandbox of a kind that is not kept expires', () => {
  const free = new FreeSandboxes();
  const blank = member(new FakeSandbox(), { profile: 'full' });
  free.addBlank(blank);
  expect(free.takeExpired(limits, kept)).toEqual({ worn: [], unused: [blank] });
});
