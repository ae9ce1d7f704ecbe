/** Compares with real shells: a line is random, and a program named `hit` notes that it was run. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { splitShell } from '../../../src/protocol/matching/shell-line.ts';
import { shellLines } from '../../support/shell-lines.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shell-lines-'));
  mkdirSync(path.join(folder, 'bin'));
  mkdirSync(path.join(folder, 'work'));
  writeFileSync(path.join(folder, 'ran'), '');
  for (const name of ['hit', 'x', 'y', 'a', 'b', 'cat', 'p', 'q']) {
    const file = path.join(folder, 'bin', name);
    const note = `#!/bin/sh\necho "$LINE_OF_TEST" >>${folder}/ran\n`;
    writeFileSync(file, name === 'hit' ? note : '#!/bin/sh\n');
    chmodSync(file, 0o755);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Starts a shell for each line that it reads up to a NUL. A shell of a few megabytes forks in a
 * fifth of the time that this process takes.
 */
const startEach = `
shell=$1 PATH=$2
export LINE_OF_TEST=0
while IFS= read -r -d '' line; do
  "$shell" -c "$line" </dev/null >/dev/null 2>&1
  LINE_OF_TEST=$((LINE_OF_TEST + 1))
done`;

/** The lines of which the shell runs `hit`. */
function thatRunHit(shell: string, lines: readonly string[]): string[] {
  const ran = path.join(folder, 'ran');
  writeFileSync(ran, '');
  const { status, error } = spawnSync(
    '/bin/bash',
    ['-c', startEach, 'lines', shell, path.join(folder, 'bin')],
    {
      cwd: path.join(folder, 'work'),
      input: lines.map((line) => `${line}\0`).join(''),
      timeout: 50_000,
    },
  );
  expect({ status, error }).toEqual({ status: 0, error: undefined });
  const numbers = new Set(readFileSync(ran, 'utf8').split('\n').filter(Boolean).map(Number));
  return lines.filter((_, number) => numbers.has(number));
}

/** Whether the line is not understood, or `hit` is among its commands. */
function mayRunHit(line: string): boolean {
  const split = splitShell(line);
  if (split === undefined) return true;
  const { commands, plain, beginnings } = split;
  return (
    [...commands, ...plain].some((text) => /^hit(?:\s|$)/.test(text)) ||
    beginnings.some((known) => 'hit'.startsWith(known) || known.startsWith('hit'))
  );
}

it.each(['/bin/bash', '/bin/dash'].filter((shell) => existsSync(shell)))(
  '%s runs no command that is not found in the line',
  (shell) => {
    const without = shellLines(6_000, 'lines').filter((line) => !mayRunHit(line));
    expect(without.length).toBeGreaterThan(100);
    const lines = ['x && hit', ...without.slice(0, 400), 'x; hit'];
    expect(thatRunHit(shell, lines)).toEqual(['x && hit', 'x; hit']);
  },
  60_000,
);
