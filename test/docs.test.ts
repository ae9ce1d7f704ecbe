/** What the documents say is what the code does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dialectsPage } from '../docs/dialects-page.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

test('docs/dialects.md is fresh (npm run schema writes it)', () => {
  expect(read('docs/dialects.md')).toBe(dialectsPage());
});

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...['docs', 'docs/benchmarks'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).flatMap((file) => (file.endsWith('.md') ? [`${folder}/${file}`] : [])),
  ),
];

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
  expect(links.filter((link) => !existsSync(path.join(root, path.dirname(page), link)))).toEqual([]);
});

test('the folders in the README are the folders that there are', () => {
  const named = [...read('README.md').matchAll(/`(src\/[a-z/]+)\/`/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((folder) => !existsSync(path.join(root, folder)))).toEqual([]);
  const floors = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(floors.map((floor) => `src/${floor.name}`).toSorted()).toEqual(
    named.filter((folder) => folder.split('/').length === 2).toSorted(),
  );
});

test('the variables and metrics that docs/operations.md names are there', () => {
  const page = read('docs/operations.md');
  const known = ['src/config.ts', 'src/metrics.ts', 'deploy/setup/up.sh'].map(read).join('\n');
  const names = page.match(/\b(HOOKPOOL_[A-Z_]+|hookpool_[a-z_]+)\b/g) ?? [];
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(known))).toEqual([]);
});
