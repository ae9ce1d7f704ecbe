/** Where the native bridge finds the bridge in node, for what it does not speak itself. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../support/bridges.ts';
import { nativeBridgeFile, whyNoNativeBridge } from '../support/native-bridge.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-hand-over-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.skipIf(whyNoNativeBridge() !== undefined).each([
  ['of a build', 'hookpool/dist/native'],
  ['beside it', '@hookpool/bridge-linux-x64'],
  ['around it', 'hookpool/node_modules/@hookpool/bridge-linux-x64'],
])('it is that of the package %s', async (_, place) => {
  const main = path.join(folder, 'hookpool/dist/cli/main.js');
  const program = path.join(folder, place, 'hookpool-hook');
  for (const file of [main, program]) mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(main, 'console.log(process.argv[1], ...process.argv.slice(2));\n');
  cpSync(nativeBridgeFile, program);
  const { stdout } = await run(`'${program}' --server https://h`, '{}', {});
  expect(path.normalize(stdout)).toBe(`${main} hook --server https://h\n`.replace('//', '/'));
});
