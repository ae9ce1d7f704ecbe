import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/sandbox/pool.ts';
import { testPool } from '../support/pool.ts';
import { runScript, stderrOf, stdoutOf } from '../support/script.ts';

let pool: Pool;

beforeAll(() => {
  pool = testPool();
});

afterAll(() => pool.drain());

describe('a run', () => {
  test('keeps the first bytes of long output and counts the rest', async () => {
    const run = await runScript(
      pool,
      'bash',
      'head -c 300000 /dev/zero | tr "\\0" x; head -c 100000 /dev/zero | tr "\\0" y >&2',
      {
        limits: { stdoutBytes: 1000, stderrBytes: 500 },
      },
    );
    expect(run).toMatchObject({
      status: 'exited',
      exitCode: 0,
      stdoutTotalBytes: 300_000,
      stderrTotalBytes: 100_000,
    });
    expect(stdoutOf(run)).toBe('x'.repeat(1000));
    expect(stderrOf(run)).toBe('y'.repeat(500));
  });

  test('that prints without end is ended as output-limit', async () => {
    const run = await runScript(pool, 'bash', 'yes');
    expect(run).toMatchObject({ status: 'output-limit' });
    expect(run.wallMs).toBeLessThan(5000);
  });

  test.each([5, 50])(
    'that says %d MB on stderr ends by itself: all is counted, the first of it kept',
    async (megabytes) => {
      const script = `head -c ${megabytes}000000 /dev/zero | tr '\\0' x >&2; exit 2`;
      const run = await runScript(pool, 'bash', script, { limits: { stderrBytes: 1000 } });
      expect(run).toMatchObject({
        status: 'exited',
        exitCode: 2,
        stderrTotalBytes: megabytes * 1_000_000,
      });
      expect(stderrOf(run)).toBe('x'.repeat(1000));
    },
  );

  test('that says without end on stderr is ended by its timeout, in time, while others run', async () => {
    const flood = runScript(pool, 'bash', 'cat /dev/zero >&2', {
      limits: { timeoutMs: 1500 },
      tenant: 'noisy',
    });
    const quiet = await runScript(pool, 'bash', 'exit 2', { tenant: 'quiet' });
    const run = await flood;
    expect(quiet).toMatchObject({ status: 'exited', exitCode: 2 });
    expect(run).toMatchObject({ status: 'timed-out' });
    expect(run.wallMs).toBeLessThan(2000);
    expect(run.stderrTotalBytes).toBeGreaterThan(50_000_000);
  });

  test('of many tiny writes to both streams comes through whole', async () => {
    const script = 'import os\nfor _ in range(20000):\n    os.write(1, b"a"); os.write(2, b"b")';
    const run = await runScript(pool, 'python3', script);
    expect(run).toMatchObject({ stdoutTotalBytes: 20_000, stderrTotalBytes: 20_000 });
  });

  test('can be cancelled', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const run = await runScript(pool, 'bash', 'sleep 60', { signal: controller.signal });
    expect(run).toMatchObject({ status: 'cancelled' });
  });

  test('finds a transcript where the context says, and cannot change it', async () => {
    const script =
      'cat /job/transcript.txt; echo x 2>/dev/null > /job/transcript.txt || echo read-only; rm -f /job/script 2>/dev/null || echo kept';
    const run = await runScript(pool, 'bash', script, { transcript: 'turn 1\n' });
    expect(stdoutOf(run)).toBe('turn 1\nread-only\nkept\n');
  });

  test('imitating the control protocol on its stdout is only output', async () => {
    const script =
      "import os\nos.write(1, b'\\x00\\x00\\x00\\x00D' + bytes(16) + b'\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x05hello')\nos._exit(1)";
    const run = await runScript(pool, 'python3', script);
    expect(run).toMatchObject({ status: 'exited', exitCode: 1, stdoutTotalBytes: 34 });
    expect(await runScript(pool, 'bash', 'echo next')).toMatchObject({ exitCode: 0 });
  });

  test('in python3 has random numbers of its own, and so has the next', async () => {
    const script =
      'import random, uuid, secrets, tempfile\nprint(random.random(), uuid.uuid4(), secrets.token_hex(8))';
    const texts = await Promise.all(
      [1, 2, 3].map(async () => stdoutOf(await runScript(pool, 'python3', script))),
    );
    expect(new Set(texts).size).toBe(3);
  });
});
