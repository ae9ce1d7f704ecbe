/** How a run ends, told apart, on the real engine. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { PoolEvent } from '../../src/sandbox/pool-events.ts';
import { testPool } from '../support/pool.ts';
import { runScript, stderrOf, stdoutOf } from '../support/script.ts';

/** A tenth of a second of CPU. */
const burn = 'end = time.process_time() + 0.1\nwhile time.process_time() < end: pass';

let pool: Pool;

beforeAll(() => {
  pool = testPool();
});

afterAll(() => pool.drain());

describe('a run', () => {
  test.each([
    ['bash', 'cat; echo err >&2; exit 3'],
    [
      'python3',
      'import sys\nsys.stdout.write(sys.stdin.read())\nprint("err", file=sys.stderr)\nsys.exit(3)',
    ],
  ] as const)(
    'in %s gets its stdin whole and gives back stdout, stderr and exit code',
    async (runtime, script) => {
      const run = await runScript(pool, runtime, script, { stdin: 'a\0b é\n' });
      expect(run).toMatchObject({ status: 'exited', exitCode: 3, signal: null });
      expect(stdoutOf(run)).toBe('a\0b é\n');
      expect(stderrOf(run)).toBe('err\n');
    },
  );

  test.each([
    ['', 'sha256sum'],
    [
      ', read in parts with breaks',
      '{ for i in 1 2 3 4; do head -c 1000001; sleep 0.05; done; cat; } | sha256sum',
    ],
  ])('takes a context and a transcript of 8 MiB each byte for byte%s', async (_, script) => {
    const stdin = randomBytes(8 << 20);
    const transcript = randomBytes(4 << 20).toString('hex');
    const run = await runScript(pool, 'bash', `${script}; sha256sum </job/transcript.txt`, {
      stdin,
      transcript,
    });
    const sums = [stdin, transcript].map(
      (bytes) => `${createHash('sha256').update(bytes).digest('hex')}  -\n`,
    );
    expect(stdoutOf(run)).toBe(sums.join(''));
  });

  test('that never reads a large stdin ends at once and is no error', async () => {
    const run = await runScript(pool, 'bash', 'exit 0', { stdin: Buffer.alloc(5 << 20, 'x') });
    expect(run).toMatchObject({ status: 'exited', exitCode: 0 });
    expect(run.wallMs).toBeLessThan(1000);
  });

  test.each([
    ['its own process', `import time\n${burn}`],
    [
      'a child that it waited for',
      `import os, time\nif os.fork() == 0:\n${burn.replace(/^/gm, '    ')}\n    os._exit(0)\nos.wait()`,
    ],
  ])('has the CPU time of %s', async (_, script) => {
    const run = await runScript(pool, 'python3', script);
    expect(run).toMatchObject({ status: 'exited', exitCode: 0 });
    expect(run.cpuMs).toBeGreaterThanOrEqual(100);
  });

  test('cannot say by its name how it ends while it can still speak', async () => {
    const named = 'open("/proc/self/comm", "w").write("exits-with-7")';
    const run = await runScript(
      pool,
      'python3',
      `import sys, time\n${named}\ntime.sleep(0.05)\nprint("said")\nsys.exit(3)`,
    );
    expect(run).toMatchObject({ status: 'exited', exitCode: 3 });
    expect(stdoutOf(run)).toBe('said\n');
  });

  test('is decided when its main process exits, not when its pipes close', async () => {
    const run = await runScript(pool, 'bash', 'sleep 60 & echo denied >&2; exit 2');
    expect(run).toMatchObject({ status: 'exited', exitCode: 2 });
    expect(stderrOf(run)).toBe('denied\n');
    expect(run.wallMs).toBeLessThan(1000);
  });

  test.each([
    ['bash', "trap '' TERM INT; while :; do :; done"],
    [
      'python3',
      'import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)',
    ],
    ['bash', 'kill -STOP $$'],
  ] as const)(
    'in %s that ignores every signal is ended at its timeout (%#)',
    async (runtime, script) => {
      const run = await runScript(pool, runtime, script, { limits: { timeoutMs: 300 } });
      expect(run).toMatchObject({ status: 'timed-out', exitCode: null });
      expect(run.wallMs).toBeGreaterThanOrEqual(300);
      expect(run.wallMs).toBeLessThan(550);
    },
  );

  test('keeps what was printed before the timeout', async () => {
    const run = await runScript(pool, 'bash', 'echo said; sleep 60', {
      limits: { timeoutMs: 300 },
    });
    expect(stdoutOf(run)).toBe('said\n');
  });

  test('that dies by a signal is signaled, and has no exit code', async () => {
    expect(await runScript(pool, 'bash', 'kill -9 $$')).toMatchObject({
      status: 'signaled',
      exitCode: null,
      signal: 'SIGKILL',
    });
    expect(await runScript(pool, 'python3', 'import os\nos.abort()')).toMatchObject({
      status: 'signaled',
      signal: 'SIGABRT',
    });
  });

  test('that exits with 137 by itself is not taken for a kill', async () => {
    expect(await runScript(pool, 'bash', 'exit 137')).toMatchObject({
      status: 'exited',
      exitCode: 137,
    });
  });

  test('that takes too much memory is out-of-memory, also when only a child was killed', async () => {
    const hog = "x = [bytearray(b'x' * (8 << 20)) for _ in range(200)]";
    expect(await runScript(pool, 'python3', hog)).toMatchObject({
      status: 'out-of-memory',
      signal: 'SIGKILL',
    });
    const child = await runScript(pool, 'bash', `python3 -c "${hog}"; exit 0`);
    expect(child).toMatchObject({ status: 'out-of-memory', exitCode: 0 });
    expect(child.oomKills).toBeGreaterThan(0);
  });

  test.each([
    ['python3', ''],
    ['bash', 'python3 - <<END\n'],
  ] as const)(
    'in %s that fills the memory and gives itself the lowest score is out-of-memory',
    async (runtime, start) => {
      const script = `import mmap, os, time
for score in range(0, 1001, 50):
    try:
        open('/proc/self/oom_score_adj', 'w').write(str(score))
        break
    except OSError: pass
parts = [mmap.mmap(-1, 8 << 20) for _ in range(40)]
for part in parts:
    if os.fork() == 0:
        for at in range(0, len(part), 4096): part[at] = 1
        os._exit(0)
    os.wait()
time.sleep(5)
`;
      const run = await runScript(pool, runtime, `${start}${script}${start && 'END\n'}`, {
        stdin: Buffer.alloc(8 << 20, 'x'),
      });
      expect(run).toMatchObject({ status: 'out-of-memory' });
    },
  );
});

test('a sandbox that ended a job by force is never used again', async () => {
  const events: PoolEvent[] = [];
  const own = testPool({ observe: (event) => void events.push(event) });
  try {
    await runScript(own, 'bash', 'sleep 60', { limits: { timeoutMs: 200 } });
    await runScript(own, 'bash', 'true');
  } finally {
    await own.drain();
  }
  expect(events.filter((event) => event.type === 'created')).toHaveLength(2);
  expect(events.flatMap((event) => (event.type === 'destroyed' ? [event.reason] : []))).toEqual([
    'not-clean',
    'closed',
  ]);
});
