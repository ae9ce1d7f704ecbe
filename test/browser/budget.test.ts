import { expect, it } from 'vitest';
import { consoleFiles } from '../../src/cli/console-files.ts';

const kib = 1024;
const files = [...consoleFiles()];
const sizeOf = (fits: (name: string) => boolean) =>
  files.filter(([name]) => fits(name)).reduce((sum, [, { brotli }]) => sum + brotli.length, 0);
const isEditor = (name: string) => /\/(editor|difference)-/.test(name);

it('the first page, each other one and the editor stay within their budgets', () => {
  const page = sizeOf((name) => /\/index-.*\.js$/.test(name));
  expect(page).toBeGreaterThan(0);
  expect(page).toBeLessThan(25 * kib);
  expect(sizeOf((name) => name.endsWith('.css'))).toBeLessThan(6 * kib);
  const others = files.filter(([name]) => name.endsWith('.js') && !isEditor(name));
  expect(others.length).toBeGreaterThan(8);
  for (const [name, { brotli }] of others) {
    if (!/\/index-/.test(name)) expect(brotli.length, name).toBeLessThan(15 * kib);
  }
  expect(sizeOf(isEditor)).toBeLessThan(140 * kib);
  expect(sizeOf(() => true)).toBeLessThan(350 * kib);
});
