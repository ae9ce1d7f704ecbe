/** The files that come with a script, in real sandboxes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { PoolEvent } from '../../src/sandbox/pool-events.ts';
import { testPool } from '../support/pool.ts';
import { bundleOf, runScript, stderrOf, stdoutOf } from '../support/script.ts';

let pool: Pool;
const events: PoolEvent[] = [];

beforeAll(() => {
  pool = testPool({ max: 1, observe: (event) => void events.push(event) });
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
    expect(
      await outputOf(
        'cd /project; find . -type f -printf "%m %U %p\\n" | sort | sed "s/ $UID / \\$U /"',
      ),
    ).toBe(
      [
        '644 $U ./words.txt',
        ...['guard.py', 'rules.py', 'scripts/lib/words.sh', 'scripts/validate.sh'].map(
          (path) => `755 $U ./${path}`,
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

  const state = 'cd /project; { find . -printf "%p %y %m %u %s %n\\n" | sort; cat words.txt; }';

  test.each([
    ['written to', 'echo x >/project/words.txt'],
    ['appended to', 'echo x >>/project/words.txt'],
    [
      'cut short and given its old times',
      'cd /project; touch -r words.txt /tmp/t; echo HELLO >words.txt; truncate -s 5 words.txt; touch -r /tmp/t words.txt',
    ],
    [
      'changed through its mapped memory',
      "python3 -c \"import mmap;f=open('/project/words.txt','r+b');m=mmap.mmap(f.fileno(),0);m[0:1]=b'J'\"",
    ],
    ['removed', 'rm /project/words.txt'],
    ['renamed', 'mv /project/words.txt /project/other'],
    ['moved with its folder', 'mv /project/scripts /project/s; ln -s s /project/scripts'],
    ['swapped with another', 'cd /project; mv guard.py t; mv rules.py guard.py; mv t rules.py'],
    ['replaced by a folder', 'cd /project; rm words.txt; mkdir -p words.txt/x'],
    ['replaced by a link', 'cd /project; rm words.txt; ln -s /job/script words.txt'],
    ['given another mode', 'chmod 0 /project/words.txt /project/scripts'],
    [
      'given flags',
      "python3 -c \"import fcntl,os,struct\nfor path in '/project/words.txt', '/project': fcntl.ioctl(os.open(path,0),0x40086602,struct.pack('q',0xc0))\"",
    ],
    ['closed with its folder', 'chmod 0 /project'],
    ['joined by another file', 'mkdir -p /project/.state; echo $$ >/project/.state/log'],
    ['joined by a pipe', 'mkfifo /project/p; rm /project/guard.py; mkfifo /project/guard.py'],
    ['joined by a second name', 'ln /project/words.txt /project/scripts/two'],
    ['joined by odd names', 'cd /project; touch -- "-rf" " " ".hidden" $\'a\\nb\''],
    [
      'written to in the background',
      '(while :; do echo x >>/project/words.txt; done) & sleep 0.05',
    ],
    ['held open in the background', 'exec 5>>/project/words.txt; sleep 60 &'],
  ])('that was %s by its script is as sent for the next job', async (_, change) => {
    events.length = 0;
    const before = await outputOf(state);
    const run = await runScript(pool, 'bash', change, { bundle: tool });
    expect(run).toMatchObject({ status: 'exited', exitCode: 0 });
    expect(await outputOf(state)).toBe(before);
    expect(await outputOf('cd /project; ./scripts/validate.sh now')).toBe('hello now in\n');
    expect(events.filter(({ type }) => type === 'destroyed')).toEqual([]);
  });

  test.each([
    [
      'joined by all that fits',
      'cd /project; head -c 60000000 /dev/zero >full || true; for i in {1..9999}; do : >"$i" || break; done 2>/dev/null',
    ],
    [
      'joined by a tree deeper than any path',
      "python3 -c \"import os; os.chdir('/project')\ntry:\n    for _ in range(3000): os.mkdir('d'); os.chdir('d')\nexcept OSError: pass\"",
    ],
  ])('that was %s is as sent for the next job, in this sandbox or another', async (_, change) => {
    const withoutOwner = `${state} | sed "s/ $UID / /"`;
    const before = await outputOf(withoutOwner);
    const run = await runScript(pool, 'bash', change, { bundle: tool });
    expect(run).toMatchObject({ status: 'exited', exitCode: 0 });
    expect(await outputOf(withoutOwner)).toBe(before);
  });

  test('is written to by a guard that logs first, with or without files', async () => {
    const guard =
      'cd /project; mkdir -p .state; cat >>.state/audit.log; cat .state/audit.log; exit 2';
    for (const bundle of [tool, undefined, tool])
      expect(
        await runScript(pool, 'bash', guard, { ...(bundle && { bundle }), stdin: 'in' }),
      ).toMatchObject({ exitCode: 2, stdout: Buffer.from('in'), stderr: Buffer.alloc(0) });
  });

  test('cannot be hidden by a mount', async () => {
    const mount =
      "import ctypes;exit(ctypes.CDLL(None).mount(b'/tmp',b'/project',None,4096,None)!=0)";
    expect(await runScript(pool, 'python3', mount, { bundle: tool })).toMatchObject({
      exitCode: 1,
    });
  });

  test('is never seen by another tenant', async () => {
    await runScript(pool, 'bash', 'ls /project', { bundle: tool, tenant: 'one' });
    const run = await runScript(pool, 'bash', 'ls -A /project | wc -l', { tenant: 'two' });
    expect(stdoutOf(run)).toBe('0\n');
  });
});
