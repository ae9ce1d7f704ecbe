/**
 * A script in a pre-started interpreter behaves as under `python3 script` or `bash script`: same
 * stdout, same stderr, same end, for every script in test/fixtures/differential.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRunLimits, type RunResult, type Runtime } from '../../src/protocol/run.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { type PlainResult, type PlainTask, runPlain } from '../support/plain-interpreter.ts';
import { testPool } from '../support/pool.ts';

const folder = path.join(import.meta.dirname, '../fixtures/differential');
const defaultStdin =
  '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls -la"}}\n';

/**
 * Of every `RUNTIME/TOPIC/NAME` with that extension; its stdin is `NAME.stdin` beside it, where it
 * has one of its own.
 */
function readTasks(runtime: Runtime, extension: string): PlainTask[] {
  const files = readdirSync(path.join(folder, runtime), { recursive: true, encoding: 'utf8' });
  const scripts = files.filter((file) => file.endsWith(extension)).toSorted();
  return scripts.map((file) => {
    const name = path.join(runtime, file.slice(0, -extension.length));
    const stdinFile = path.join(folder, `${name}.stdin`);
    return {
      name,
      runtime,
      script: readFileSync(path.join(folder, runtime, file)),
      stdin: existsSync(stdinFile) ? readFileSync(stdinFile) : Buffer.from(defaultStdin),
    };
  });
}

const tasks = [...readTasks('python3', '.py'), ...readTasks('bash', '.sh')];

describe('a script in a pre-started interpreter', () => {
  let plain = new Map<string, PlainResult>();
  let pool: Pool;

  beforeAll(async () => {
    pool = testPool();
    plain = await runPlain(tasks);
  }, 300_000);

  afterAll(() => pool.drain());

  test('is compared in 370 python3 and 190 bash scripts, 31 of them with a stdin of their own', () => {
    const count = (runtime: Runtime) => tasks.filter((task) => task.runtime === runtime).length;
    const ownStdin = tasks.filter(({ stdin }) => stdin.toString() !== defaultStdin);
    expect([count('python3'), count('bash'), ownStdin.length]).toEqual([370, 190, 31]);
  });

  test.each(tasks)(
    'behaves as under the plain interpreter: $name',
    async ({ name, runtime, script, stdin }) => {
      const lease = await pool.acquire('differential', 'tenant');
      try {
        const run = await lease.run({
          runtime,
          script,
          stdin,
          limits: { ...defaultRunLimits, stderrBytes: 1 << 20 },
        });
        const reference = plain.get(name);
        expect(readable(run, endOf(run))).toEqual(reference && readable(reference, reference.code));
      } finally {
        lease.release();
      }
    },
  );
});

/** The exit code, or the signal as a negative number, as Python's subprocess module counts. */
function endOf(run: RunResult): number {
  return run.exitCode ?? -(constants.signals[run.signal as NodeJS.Signals] ?? 0);
}

function readable({ stdout, stderr }: { stdout: Uint8Array; stderr: Uint8Array }, end: number) {
  return {
    end,
    stdout: Buffer.from(stdout).toString('latin1'),
    // The warning of os.fork() beside threads names the process.
    stderr: Buffer.from(stderr)
      .toString('latin1')
      .replace(/\(pid=\d+\)/, '(pid=N)'),
  };
}
