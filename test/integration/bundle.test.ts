/** The files that come with a script, in real sandboxes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/sandbox/pool.ts';
import { testPool } from '../support/pool.ts';
import { bundleOf, runScript, stderrOf, stdoutOf } from '../support/script.ts';

let pool: Pool;

beforeAll(() => {
  pool = testPool({ max: 1 });
});

afterAll(() => pool.drain());

const tool = bundleOf({
  'scripts/validate.sh':
    '#!/usr/bin/env bash\nsource "$(dirname "$0")/lib/words.sh"\necho "$(word) $1 $(cat)"\n',
  'scripts/lib/words.sh': 'word() { cat "$(dirname "$BASH_SOURCE")/../../words.txt"; }\n',
  'guard.py':
    '#!/usr/bin/env python3\nimport sys, rules\nprint(rules.NAME, sys.argv[1:], __file__)\n',
  'rules.py': 'NAME = "ru\\u00e9"\n',
  'words.txt': 'hello',
});

async function outputOf(script: string, bundle = tool): Promise<string> {
  const run = await runScript(pool, 'bash', script, { bundle, stdin: 'in' });
  return stdoutOf(run) + stderrOf(run);
}

describe('a bundle', () => {
  test('lies at /project with its folders and modes, and its files start by their paths', async () => {
    expect(await outputOf('cd /project; ./scripts/validate.sh now')).toBe('hello now in\n');
    expect(await outputOf('cd /project; ./guard.py a b')).toBe(
      "rué ['a', 'b'] /project/./guard.py\n",
    );
    expect(await outputOf('cd /project; find . -type f -printf "%m %u %p\\n" | sort')).toBe(
      [
        '644 root ./words.txt',
        ...['guard.py', 'rules.py', 'scripts/lib/words.sh', 'scripts/validate.sh'].map(
          (path) => `755 root ./${path}`,
        ),
        '',
      ].join('\n'),
    );
  });

  test('is replaced as a whole by the next one, and gone for a script without one', async () => {
    const list = 'cd /project; find . -mindepth 1 | sort | tr "\\n" " "';
    expect(await outputOf(list, bundleOf({ 'a/b/c.txt': '1', 'a/d.txt': '2' }))).toBe(
      './a ./a/b ./a/b/c.txt ./a/d.txt ',
    );
    expect(await outputOf(list, bundleOf({ 'a/b': 'now a file' }))).toBe('./a ./a/b ');
    expect(stdoutOf(await runScript(pool, 'bash', list))).toBe('');
    expect(await outputOf('cat /project/words.txt')).toBe('hello');
  });

  test('carries bytes as they are, 256 files and 1 MiB of them', async () => {
    const files = Array.from({ length: 256 }, (_, index) => [
      `f/${index}/data.bin`,
      '\u0000é'.padEnd(4000, String(index % 10)),
    ]);
    const bundle = bundleOf(Object.fromEntries(files));
    const run = await runScript(
      pool,
      'bash',
      'cat $(printf "/project/f/%s/data.bin " {0..255}) | sha256sum',
      { bundle },
    );
    const { createHash } = await import('node:crypto');
    const expected = createHash('sha256').update(files.map(([, text]) => text).join(''));
    expect(stdoutOf(run)).toBe(`${expected.digest('hex')}  -\n`);
  });

  test.each([
    ['written to', 'echo x >/project/words.txt'],
    ['appended to', 'echo x >>/project/words.txt'],
    ['removed', 'rm -f /project/words.txt'],
    ['renamed', 'mv /project/words.txt /project/other'],
    ['given another mode', 'chmod 777 /project/words.txt'],
    ['given another owner', 'chown "$(id -u)" /project/words.txt'],
    ['joined by another file', 'touch /project/new'],
    ['joined by a folder', 'mkdir /project/new'],
    ['joined by a link', 'ln -s /tmp /project/new'],
    [
      'hidden by a mount',
      "python3 -c \"import ctypes,os;r=ctypes.CDLL(None).mount(b'/tmp',b'/project',None,4096,None);exit(r!=0)\"",
    ],
    ['written through its descriptor', 'exec 3</project/words.txt; echo x >/proc/self/fd/3'],
    ['linked to from elsewhere', 'ln /project/words.txt /tmp/link && echo x >/tmp/link'],
    ['given another time', 'touch -d 2001-01-01 /project/words.txt'],
  ])('cannot be %s by its script', async (_, attempt) => {
    const state = 'cd /project; find . -printf "%p %m %u %t %s\\n" | sort; cat words.txt';
    const before = await outputOf(state);
    const run = await runScript(pool, 'bash', attempt, { bundle: tool });
    expect(run).toMatchObject({ status: 'exited' });
    expect(run.exitCode).not.toBe(0);
    expect(await outputOf(state)).toBe(before);
  });

  test('is never seen by another tenant', async () => {
    await runScript(pool, 'bash', 'ls /project', { bundle: tool, tenant: 'one' });
    const run = await runScript(pool, 'bash', 'ls -A /project | wc -l', { tenant: 'two' });
    expect(stdoutOf(run)).toBe('0\n');
  });
});
