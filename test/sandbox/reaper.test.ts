import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { expect, test } from 'vitest';
import { reap, reapReason } from '../../src/sandbox/reaper.ts';
import { ownerLabel } from '../../src/sandbox/spec.ts';

const now = 10_000_000;
const container = (id: string, state: string, ageMs: number) => ({
  id,
  state,
  createdAtMs: now - ageMs,
  labels: {},
});

test.each([
  ['running', 5 * 60_000, false],
  ['created', 10_000, false],
  ['created', 61_000, true],
  ['exited', 61_000, true],
  ['dead', 61_000, true],
  ['paused', 61_000, true],
  ['running', 26 * 60_000, true],
])('a %s sandbox of %d ms is removed: %s', (state, ageMs, removed) => {
  expect(reapReason(container('x', state, ageMs), now) !== undefined).toBe(removed);
});

test('a sandbox that was created by a process of this host that has ended is removed soon', () => {
  const owned = (pid: number, host = os.hostname()) => ({
    ...container('x', 'created', 3_000),
    labels: { [ownerLabel]: `${host}:${pid}` },
  });
  const ended = spawnSync(process.execPath, ['--version']).pid;
  expect(reapReason(owned(ended), now)).toBe('abandoned');
  expect(reapReason(owned(process.pid), now)).toBeUndefined();
  expect(reapReason(owned(ended, 'elsewhere'), now)).toBeUndefined();
  expect(reapReason({ ...owned(ended), state: 'running' }, now)).toBeUndefined();
  expect(reapReason({ ...owned(ended), createdAtMs: now - 1_000 }, now)).toBeUndefined();
});

test('one removal that fails does not keep the others', async () => {
  const containers = [
    container('bad', 'dead', 120_000),
    container('good', 'dead', 120_000),
    container('alive', 'running', 1000),
  ];
  const engine = {
    list: async () => containers,
    remove: async (id: string) => {
      if (id === 'bad') throw new Error('removal in progress');
    },
  };
  expect(await reap(engine, now)).toEqual(['good']);
});
