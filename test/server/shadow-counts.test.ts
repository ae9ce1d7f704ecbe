import { expect, test } from 'vitest';
import { MemoryShadows, shadowLifeMs } from '../../src/server/shadow-counts.ts';
import { storeLimits } from '../../src/server/stores.ts';

const hook = { hookset: 'h', event: 'Stop', hook: 'a', actionSha256: 'x' };

test('what a hook says is counted by tenant, hook set, event, name and action', async () => {
  const shadows = new MemoryShadows(undefined, () => 0);
  await shadows.add('t', hook, 'agreed');
  await shadows.add('t', hook, 'agreed');
  await shadows.add('t', hook, 'failed');
  await shadows.add('t', { ...hook, event: 'PreToolUse' }, 'milder');
  await shadows.add('t', { ...hook, hook: 'b' }, 'stricter');
  await shadows.add('other', hook, 'stricter');
  await shadows.add('t', { ...hook, hookset: 'i' }, 'stricter');
  const at = '1970-01-01T00:00:00.000Z';
  const none = { agreed: 0, stricter: 0, milder: 0, failed: 0, firstAt: at, lastAt: at };
  expect(await shadows.list('t', 'h')).toEqual([
    { ...hook, ...none, event: 'PreToolUse', milder: 1 },
    { ...hook, ...none, agreed: 2, failed: 1 },
    { ...hook, ...none, hook: 'b', stricter: 1 },
  ]);
  expect(await shadows.list('none', 'h')).toEqual([]);
});

test('a changed action is counted anew, and the newest is first', async () => {
  let now = 0;
  const shadows = new MemoryShadows(undefined, () => now);
  await shadows.add('t', hook, 'agreed');
  now = 5;
  await shadows.add('t', { ...hook, actionSha256: 'y' }, 'milder');
  expect((await shadows.list('t', 'h')).map(({ actionSha256 }) => actionSha256)).toEqual([
    'y',
    'x',
  ]);
  now = shadowLifeMs;
  expect((await shadows.list('t', 'h')).map(({ actionSha256 }) => actionSha256)).toEqual(['y']);
});

test('beyond the limit the hook that has not run for longest is dropped', async () => {
  const shadows = new MemoryShadows({ ...storeLimits, shadows: 2 });
  for (const name of ['a', 'b', 'a', 'c'])
    await shadows.add('t', { ...hook, hook: name }, 'agreed');
  expect((await shadows.list('t', 'h')).map((one) => [one.hook, one.agreed])).toEqual([
    ['a', 2],
    ['c', 1],
  ]);
});
