import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nativeBridgePath } from '../../../src/cli/hook/native-path.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'hookpool-native-path-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const dist = () => path.join(folder, 'node_modules/hookpool/dist');
function write(file: string, mode = 0o755): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '{}', { mode });
  return file;
}
const inPackage = (name: string, mode?: number) =>
  write(
    path.join(folder, `node_modules/@hookpool/bridge-${process.platform}-${process.arch}`, name),
    mode,
  );

test('there is none, also where a package of the platform lacks the program', () => {
  expect(nativeBridgePath(dist())).toBeUndefined();
  inPackage('package.json');
  expect(nativeBridgePath(dist())).toBeUndefined();
  inPackage('hookpool-hook', 0o644);
  expect(nativeBridgePath(dist())).toBeUndefined();
});

test('that of the package for this platform is found beside this one', () => {
  inPackage('package.json');
  expect([nativeBridgePath(dist())]).toEqual([undefined]);
  expect(inPackage('hookpool-hook')).toBe(nativeBridgePath(dist()));
});

test('that of this build comes first', () => {
  inPackage('package.json');
  inPackage('hookpool-hook');
  const own = write(path.join(dist(), 'native/hookpool-hook'));
  expect(nativeBridgePath(dist())).toBe(own);
});
