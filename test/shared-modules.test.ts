/** Test files of one project share a process, and load a module of the tests once for all of them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

test('a module that test files share adds no hook when it is loaded: only the first file would have it', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const shared = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  expect(shared.length).toBeGreaterThan(50);
  const adding = shared.filter((file) =>
    /^(?:before|after)(?:Each|All)\(/m.test(
      readFileSync(path.join(import.meta.dirname, file), 'utf8'),
    ),
  );
  expect(adding).toEqual([]);
});
