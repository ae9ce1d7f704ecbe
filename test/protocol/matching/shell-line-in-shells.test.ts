/** Compares with real shells: a line is random, and a program named `hit` notes that it was run. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  for (const name of ['hit', 'x', 'y', 'a', 'b', 'cat', 'p', 'q']) {
    const file = path.join(folder, 'bin', name);
    writeFileSync(file, name === 'hit' ? `#!/bin/sh\n: >${folder}/ran\n` : '#!/bin/sh\n');
    chmodSync(file, 0o755);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Whether the shell runs `hit`. */
function runsHit(shell: string, line: string): boolean {
  const ran = path.join(folder, 'ran');
  rmSync(ran, { force: true });
  spawnSync(shell, ['-c', line], {
    cwd: path.join(folder, 'work'),
    env: { PATH: path.join(folder, 'bin') },
    timeout: 5_000,
    stdio: 'ignore',
  });
  return existsSync(ran);
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
    expect(runsHit(shell, 'x && hit')).toBe(true);
    const without = shellLines(6_000, 'lines').filter((line) => !mayRunHit(line));
    expect(without.length).toBeGreaterThan(100);
    expect(without.slice(0, 400).filter((line) => runsHit(shell, line))).toEqual([]);
  },
  60_000,
);
