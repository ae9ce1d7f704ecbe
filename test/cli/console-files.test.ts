import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { consoleFiles } from '../../src/cli/console-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-console-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, name);
  writeFileSync(`${file}.gz`, `gz ${name}`);
  writeFileSync(`${file}.br`, `br ${name}`);
}

it('reads every file that a browser asks for, with its type and in all encodings', () => {
  write('index.html');
  write('assets/a.js');
  write('assets/a.css');
  write('assets/a.js.map');
  const files = consoleFiles(folder);
  expect([...files.keys()].toSorted()).toEqual(['assets/a.css', 'assets/a.js', 'index.html']);
  const script = files.get('assets/a.js');
  expect(script?.type).toBe('text/javascript; charset=utf-8');
  expect([script?.plain, script?.gzip, script?.brotli].map(String)).toEqual([
    ...['assets/a.js', 'gz assets/a.js', 'br assets/a.js'],
  ]);
});

it('a build without a console has no files', () => {
  expect(consoleFiles(path.join(folder, 'none')).size).toBe(0);
});
