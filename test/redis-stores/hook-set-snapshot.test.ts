import { expect, test } from 'vitest';
import { parseSnapshot, writeTail } from '../../src/redis-stores/hook-set-snapshot.ts';
import { sha256 } from '../../src/server/audit-record.ts';
import { setContent } from '../support/stores.ts';

test.each([
  ['with its hash', setContent('hooks: {}')],
  [
    'by a version that knew no hashes',
    { ...setContent('hooks: {}'), sha256: undefined as unknown as string },
  ],
])('a set that was stored %s is read with the hash of its text', (_, { text, ...about }) => {
  const value = `3 ${writeTail('"tag"', { ...about, storedAt: '2026-01-01T00:00:00.000Z' }, text)}`;
  const { sets } = parseSnapshot('a', ['revision', 'r', 'bytes', '9', 'named:x', value]);
  expect([...sets.values()]).toMatchObject([
    { name: 'x', version: 3, etag: '"tag"', text, sha256: sha256(text) },
  ]);
});
