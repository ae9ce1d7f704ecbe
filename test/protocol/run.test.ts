import { expect, it } from 'vitest';
import {
  defaultRunLimits,
  emptyRun,
  runStatuses,
  stderrTruncated,
  stdoutTruncated,
} from '../../src/protocol/run.ts';
import { bytes, exited } from './samples.ts';

it.each(runStatuses)(
  'an empty run that ended as %s has no exit code, no signal and no output',
  (status) => {
    expect(emptyRun(status)).toEqual({
      status,
      exitCode: null,
      signal: null,
      stdout: bytes(''),
      stderr: bytes(''),
      stdoutTotalBytes: 0,
      stderrTotalBytes: 0,
      oomKills: 0,
      wallMs: 0,
      cpuMs: 0,
    });
  },
);

it('an empty run keeps the time that is known of it', () => {
  expect(emptyRun('timed-out', 1500).wallMs).toBe(1500);
});

it.each([
  [0, false],
  [1, true],
])('a run that wrote %i bytes more than were kept is truncated: %s', (more, truncated) => {
  const run = exited(0, 'out', 'err');
  expect(stdoutTruncated({ ...run, stdoutTotalBytes: 3 + more })).toBe(truncated);
  expect(stderrTruncated({ ...run, stderrTotalBytes: 3 + more })).toBe(truncated);
});

it('the two streams are cut apart from each other', () => {
  const run = { ...exited(0, 'out', 'err'), stdoutTotalBytes: 4 };
  expect([stdoutTruncated(run), stderrTruncated(run)]).toEqual([true, false]);
});

it('a script has 30 s, 1 MiB of stdout and 64 KiB of stderr unless something else is said', () => {
  expect(defaultRunLimits).toEqual({
    timeoutMs: 30_000,
    stdoutBytes: 1_048_576,
    stderrBytes: 65_536,
  });
});
