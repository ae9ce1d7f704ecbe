/**
 * The bridge starts before every tool call: what it loads is held down here, what it costs is in
 * docs/bridge.md.
 */
import path from 'node:path';
import { expect, test } from 'vitest';
import { loaded } from '../../support/loaded.ts';

const cli = path.join(import.meta.dirname, '../../../src/cli');

test('asking a server loads no library, and little of ours', () => {
  const all = [...loaded(path.join(cli, 'main.ts')), ...loaded(path.join(cli, 'hook/hook.ts'))];
  expect(all.length).toBeGreaterThan(8);
  expect(
    new Set(all.filter((name) => !path.isAbsolute(name) && !name.startsWith('node:'))),
  ).toEqual(new Set());
  expect(new Set(all.filter((name) => path.isAbsolute(name))).size).toBeLessThan(18);
});
