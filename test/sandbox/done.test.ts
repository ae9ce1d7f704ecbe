import { describe, expect, test } from 'vitest';
import { SandboxError } from '../../src/errors.ts';
import { decodeDone } from '../../src/sandbox/done.ts';
import { type DoneFields, donePayload } from '../support/supervisor-frames.ts';

const limits = { stdoutBytes: 100, stderrBytes: 10 };
const noExitCode = 0xffffffff;

describe('a DONE payload', () => {
  test('becomes the facts of the run', () => {
    const result = decodeDone(donePayload({ exitCode: 2, stdout: 'out', stderr: 'err' }), limits);
    expect(result).toMatchObject({
      status: 'exited',
      exitCode: 2,
      signal: null,
      wallMs: 1.5,
      cpuMs: 0.9,
      oomKills: 0,
    });
    expect(Buffer.from(result.stdout).toString()).toBe('out');
    expect(Buffer.from(result.stderr).toString()).toBe('err');
  });

  test.each<[string, DoneFields, object]>([
    [
      'a signal, never exit code 0',
      { status: 1, exitCode: noExitCode, signal: 9 },
      { status: 'signaled', exitCode: null, signal: 'SIGKILL' },
    ],
    [
      'a real-time signal by its number',
      { status: 1, exitCode: noExitCode, signal: 40 },
      { signal: 'SIG40' },
    ],
    ['a timeout', { status: 2, exitCode: noExitCode, signal: 9 }, { status: 'timed-out' }],
    [
      'an OOM kill of a child beside the exit code',
      { status: 3, exitCode: 0, oomKills: 1 },
      { status: 'out-of-memory', exitCode: 0, oomKills: 1 },
    ],
    [
      'cut output with its real size',
      { stdout: 'x'.repeat(100), stdoutTotal: 5000 },
      { stdoutTotalBytes: 5000 },
    ],
  ])('tells %s', (_, fields, expected) => {
    expect(decodeDone(donePayload(fields), limits)).toMatchObject(expected);
  });

  test.each<[string, Buffer]>([
    ['too short', Buffer.alloc(47)],
    ['of an unknown status', donePayload({ status: 99 })],
    ['with neither exit code nor signal', donePayload({ status: 1, exitCode: noExitCode })],
    ['with both exit code and signal', donePayload({ exitCode: 0, signal: 9 })],
    ['exited without an exit code', donePayload({ status: 0, exitCode: noExitCode, signal: 9 })],
    ['with an exit code above 255', donePayload({ exitCode: 256 })],
    ['with more output than the cap', donePayload({ stdout: 'x'.repeat(101) })],
    ['that hides output', donePayload({ stdout: 'x', stdoutTotal: 50 })],
    ['that claims less output than it carries', donePayload({ stdout: 'xx', stdoutTotal: 1 })],
    ['with bytes left over', Buffer.concat([donePayload(), Buffer.from('x')])],
    ['with a count beyond what a number holds', donePayload({ stdoutTotal: 2 ** 60 })],
  ])('is refused when it is %s', (_, payload) => {
    expect(() => decodeDone(payload, limits)).toThrow(SandboxError);
  });
});
