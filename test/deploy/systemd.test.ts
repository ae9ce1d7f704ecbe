import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { read, variables, wrongArguments } from './known.ts';

const folder = 'deploy/systemd';
const units = readdirSync(path.join(import.meta.dirname, '../..', folder));

const services = units.filter((unit) => unit.endsWith('.service'));

test.each(services)('%s starts a command of hookpool with variables that are read', (unit) => {
  const text = read(`${folder}/${unit}`);
  const [, args = ''] =
    /^ExecStart=\/usr\/bin\/node \/opt\/hookpool\/dist\/cli\/main\.js (.*)$/m.exec(text) ?? [];
  expect(wrongArguments(args.split(' '))).toBeUndefined();
  const set = [...text.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line = '']) =>
    line.split(' '),
  );
  expect(set.map((one) => one.split('=')[0] ?? '').filter((name) => !variables.has(name))).toEqual(
    [],
  );
});

test('systemd takes every unit as it is', ({ skip }) => {
  const version = attempt(['--version']);
  if (version === undefined) skip('systemd-analyze is not installed');
  const copies = mkdtempSync(path.join(tmpdir(), 'hookpool-units-'));
  try {
    // Only the place of node differs from machine to machine.
    for (const unit of units) {
      writeFileSync(
        path.join(copies, unit),
        read(`${folder}/${unit}`).replaceAll('/usr/bin/node', process.execPath),
      );
    }
    expect(attempt(['verify', ...units.map((unit) => path.join(copies, unit))])).toBe('');
  } finally {
    rmSync(copies, { recursive: true });
  }
});

/** What it says, undefined where there is no such program. */
function attempt(args: readonly string[]): string | undefined {
  try {
    execFileSync('systemd-analyze', args, { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    if (!(error instanceof Error) || !('stderr' in error)) throw error;
    return 'code' in error && error.code === 'ENOENT' ? undefined : String(error.stderr);
  }
}
