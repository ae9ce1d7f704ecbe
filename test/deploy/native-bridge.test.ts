/** The sources of the native bridge: the tables are fresh, and every file has its part in the build. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bridgeTables } from '../../docs/bridge-tables.ts';

const folder = path.join(import.meta.dirname, '../../deploy/bridge/native');
const files = readdirSync(folder);
const sources = files.filter((file) => file.endsWith('.c'));
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

test('tables.h is fresh (npm run schema writes it)', () => {
  expect(read('tables.h')).toBe(bridgeTables());
});

test('compile.sh builds every source', () => {
  const named = read('compile.sh').match(/\w+\.c\b/g);
  expect([...new Set(named)].toSorted()).toEqual(sources.toSorted());
});

test('every part has a header, and no file has more than 250 lines', () => {
  const parts = sources.filter((file) => !['main.c', 'fuzz.c'].includes(file));
  expect(parts.filter((file) => !files.includes(file.replace(/c$/, 'h')))).toEqual([]);
  for (const file of files)
    expect(read(file).split('\n').length - 1, file).toBeLessThanOrEqual(250);
});
