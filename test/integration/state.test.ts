/** What a run leaves in /tmp, and what its next run finds there, in real sandboxes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult, Runtime } from '../../src/protocol/run.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { testPool } from '../support/pool.ts';
import { runScript, type ScriptOptions, stdoutOf } from '../support/script.ts';
import { entriesOf, packOf } from '../support/state-packs.ts';

let pool: Pool;

beforeAll(() => {
  pool = testPool();
});

afterAll(() => pool.drain());

const nothing = new Uint8Array(0);

const run = (script: string, options: ScriptOptions = {}, runtime: Runtime = 'bash') =>
  runScript(pool, runtime, script, { state: nothing, ...options });

/** The state of a run that exited. */
const left = ({ status, state }: RunResult) => {
  expect(status).toBe('exited');
  expect(state).toBeDefined();
  return state ?? { pack: undefined, leftOut: 0 };
};

const filesOf = (result: RunResult) => entriesOf(left(result).pack ?? nothing);

const everyByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');

describe('a state', () => {
  test('of bash: files, folders, modes and names come back byte for byte', async () => {
    const write = `
      printf 1 > /tmp/count; mkdir -p "$HOOKPOOL_STATE/a/b" /tmp/closed
      python3 -c 'open("/tmp/bytes", "wb").write(bytes(range(256)))'
      echo x > $'/tmp/line\\nend'; : > /tmp/empty; echo y > "$HOOKPOOL_STATE/a/b/c"
      echo z > /tmp/closed/z; chmod 0640 /tmp/count; chmod 0500 /tmp/closed; chmod 0400 /tmp/closed/z`;
    const first = await run(write);
    expect(left(first).leftOut).toBe(0);
    expect(filesOf(first)).toEqual({
      count: '1',
      bytes: everyByte,
      'line\nend': 'x\n',
      empty: '',
      closed: null,
      'closed/z': 'z\n',
      '.hookpool-state/a': null,
      '.hookpool-state/a/b': null,
      '.hookpool-state/a/b/c': 'y\n',
    });
    const { pack } = left(first);
    const second = await run(
      `cd /tmp; stat -c '%a %U %n' count closed closed/z "$HOOKPOOL_STATE/a/b/c"; cat count closed/z
       cmp bytes <(python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)))') && cat $'line\\nend'`,
      { state: pack ?? nothing },
    );
    expect(stdoutOf(second).replaceAll(/ \S+ /g, ' ')).toBe(
      '640 count\n500 closed\n400 closed/z\n644 /tmp/.hookpool-state/a/b/c\n1z\nx\n',
    );
    expect(filesOf(second)).toEqual(filesOf(first));
  });

  test('of python3 is counted up, and a run that leaves nothing leaves an empty one', async () => {
    const count = `
import os
file = os.path.join(os.environ['HOOKPOOL_STATE'], 'n')
n = int(open(file).read()) if os.path.exists(file) else 0
open(file, 'w').write(str(n + 1))
print(n)`;
    let state: Uint8Array = nothing;
    for (const expected of ['0\n', '1\n', '2\n']) {
      const result = await run(count, { state }, 'python3');
      expect(stdoutOf(result)).toBe(expected);
      state = left(result).pack ?? nothing;
    }
    expect(entriesOf(state)).toEqual({ '.hookpool-state/n': '3' });
    expect(left(await run('rm "$HOOKPOOL_STATE/n"', { state })).pack).toHaveLength(0);
    expect(left(await run('true')).pack).toHaveLength(0);
  });

  test('is taken after every process of the job has ended', async () => {
    const result = await run(
      '(while :; do echo x >> /tmp/log; done) & sleep 0.05; echo last > /tmp/last',
    );
    expect(Object.keys(filesOf(result)).toSorted()).toEqual(['last', 'log']);
    expect(await run('ls /tmp')).toMatchObject({ status: 'exited', stdoutTotalBytes: 0 });
  });

  test('is no part of a run that does not ask for it, and nothing of it is left for one', async () => {
    const state = packOf([{ path: 'secret', content: 'x' }]);
    expect(stdoutOf(await run('cat /tmp/secret', { state }))).toBe('x');
    const plain = await runScript(pool, 'bash', 'ls -A /tmp; echo "$HOOKPOOL_STATE" > /tmp/x');
    expect(plain.state).toBeUndefined();
    expect(stdoutOf(plain)).toBe('');
  });

  test('belongs to runs that exit', async () => {
    const slow = await run('echo x > /tmp/x; sleep 9', { limits: { timeoutMs: 300 } });
    expect(slow.status).toBe('timed-out');
    expect(slow.state).toBeUndefined();
    const failed = await run('echo x > /tmp/x; exit 2');
    expect(failed.exitCode).toBe(2);
    expect(filesOf(failed)).toEqual({ x: 'x\n' });
  });
});

describe('what a hostile run leaves', () => {
  test('links, FIFOs, sockets and unreadable files are left out and counted', async () => {
    const result = await run(`
      echo good > /tmp/good; ln /tmp/good /tmp/hard; ln -s /etc/passwd /tmp/link; ln -s / /tmp/root
      ln -s /tmp/gone /tmp/broken; mkfifo /tmp/fifo; echo no > /tmp/closed; chmod 0 /tmp/closed
      mkdir /tmp/shut; echo x > /tmp/shut/x; chmod 0 /tmp/shut
      python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/tmp/socket")'`);
    expect(left(result).leftOut).toBe(7);
    expect(filesOf(result)).toEqual({ good: 'good\n', hard: 'good\n' });
  });

  test.each([
    ['256 KiB with its name', 'head -c 262127 /dev/zero > /tmp/x', undefined],
    ['a byte more', 'head -c 262128 /dev/zero > /tmp/x', 'too-large'],
    ['a sparse file', 'truncate -s 30M /tmp/x', 'too-large'],
    ['many files', 'cd /tmp; for i in {1..256}; do : > $i; done', undefined],
    ['too many', 'cd /tmp; for i in {1..257}; do : > $i; done', 'too-many'],
    ['10,000 files', 'cd /tmp; seq 10000 | xargs touch', 'too-many'],
    [
      '10,000 links',
      'cd /tmp; python3 -c "import os\nfor i in range(10000): os.symlink(str(i), str(i))"',
      'too-many',
    ],
    ['16 folders', 'p=/tmp; for i in {1..16}; do p=$p/d; done; mkdir -p $p; : > $p/f', undefined],
    ['17 folders', 'p=/tmp; for i in {1..17}; do p=$p/d; done; mkdir -p $p', 'too-deep'],
    [
      '2,000 folders',
      "python3 -c \"import os\nos.chdir('/tmp')\nfor i in range(2000): os.mkdir('d'); os.chdir('d')\"",
      'too-deep',
    ],
    ['a long path', 'n=$(printf %0255d 0); mkdir -p /tmp/$n/$n/$n/$n/$n', 'too-deep'],
    ['a closed /tmp', 'chmod 0 /tmp', 'unreadable'],
    ['no folder of its own', 'rmdir "$HOOKPOOL_STATE"', undefined],
    ['a file in its place', 'rmdir "$HOOKPOOL_STATE"; : > "$HOOKPOOL_STATE"', undefined],
  ])('%s', async (_, script, refusal) => {
    const result = await run(script);
    expect(left(result).refusal).toBe(refusal);
    expect(left(result).pack === undefined).toBe(refusal !== undefined);
    // The sandbox is clean again, or is another one.
    expect(stdoutOf(await run('ls -A /tmp'))).toBe('.hookpool-state\n');
  });

  test('a process that forks, writes and renames without end costs no time', async () => {
    const started = performance.now();
    const result = await run(`
      for i in 1 2 3 4 5 6 7 8; do (cd /tmp; while :; do
        mkdir -p a/b; : > a/b/c; mv a x 2>/dev/null; rm -rf x; ln -s / a; rm a; done) & done; sleep 0.1`);
    expect(['exited', 'out-of-memory']).toContain(result.status);
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(left(result).leftOut).toBeLessThan(10);
    for (const path of Object.keys(filesOf(result)))
      expect(path).not.toMatch(/^(?:a|x)\/(?:etc|proc)/);
  });
});

test('a state that cannot be written costs the sandbox, and never leads out of /tmp', async () => {
  for (const path of ['../job/x', '/tmp/x', 'a//b', '.hookpool-state', 'no/parent']) {
    const state = packOf([{ path, content: 'x' }]);
    await expect(run('true', { state })).rejects.toThrow();
  }
  expect(stdoutOf(await run('ls -A /tmp /job'))).toContain('script');
});
