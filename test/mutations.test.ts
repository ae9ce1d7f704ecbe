/** The mutations of `npm run mutate` fit the sources. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutations } from './mutations/mutations.ts';

test('every mutation has a name of its own', () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});

describe('what a mutation replaces stands in its file exactly once:', () => {
  test.each(mutations.map((one) => [one.name, one] as const))('%s', (_, { edits }) => {
    for (const { file, find } of edits) {
      const text = readFileSync(path.join(import.meta.dirname, '..', file), 'utf8');
      expect(text.split(find).length - 1, `${file}: ${find}`).toBe(1);
    }
  });
});
