/**
 * Reads DONE, the supervisor's report of a run. It is treated as hostile: numbers that contradict
 * each other or the request are a `BAD_FRAME`. Offsets and sizes are in bytes.
 */
import { constants } from 'node:os';
import type { RunResult, RunStatus } from '../protocol/run.ts';
import { badFrame } from './bad-frame.ts';

/** `struct done_header`: the totals have 64 bits, all others 32. */
const header = {
  status: 0,
  exitCode: 4,
  signal: 8,
  oomKills: 12,
  wallUs: 16,
  cpuUs: 20,
  stdoutTotal: 24,
  stderrTotal: 32,
  stdoutKept: 40,
  stderrKept: 44,
  bytes: 48,
} as const;
const noExitCode = 0xffffffff;
const maxExitCode = 255;
export const doneHeaderBytes = header.bytes;

const statusByNumber: readonly RunStatus[] = [
  'exited',
  'signaled',
  'timed-out',
  'out-of-memory',
  'output-limit',
  'cancelled',
];

/**
 * Decodes the facts in a DONE payload.
 * @throws SandboxError `BAD_FRAME` when the numbers contradict each other or the request.
 */
export function decodeDone(
  payload: Buffer,
  limits: { stdoutBytes: number; stderrBytes: number },
): RunResult {
  if (payload.length < header.bytes) throw badFrame('DONE is too short');
  const numberAt = (offset: number) => payload.readUInt32LE(offset);
  const status = statusByNumber[numberAt(header.status)];
  if (status === undefined) throw badFrame('DONE has an unknown status');
  const stdoutTotalBytes = readCount(payload, header.stdoutTotal);
  const stderrTotalBytes = readCount(payload, header.stderrTotal);
  const stdoutKept = numberAt(header.stdoutKept);
  const stderrKept = numberAt(header.stderrKept);
  if (
    header.bytes + stdoutKept + stderrKept !== payload.length ||
    stdoutKept !== Math.min(stdoutTotalBytes, limits.stdoutBytes) ||
    stderrKept !== Math.min(stderrTotalBytes, limits.stderrBytes)
  ) {
    throw badFrame('the output lengths in DONE do not add up');
  }
  const exitCode = numberAt(header.exitCode) === noExitCode ? null : numberAt(header.exitCode);
  const signal = numberAt(header.signal) === 0 ? null : signalName(numberAt(header.signal));
  if ((exitCode === null) === (signal === null))
    throw badFrame('DONE needs an exit code or a signal');
  if ((exitCode ?? 0) > maxExitCode || (status === 'exited' && exitCode === null))
    throw badFrame('DONE has a bad exit code');
  const stdoutEnd = header.bytes + stdoutKept;
  return {
    status,
    exitCode,
    signal,
    oomKills: numberAt(header.oomKills),
    wallMs: numberAt(header.wallUs) / 1000,
    cpuMs: numberAt(header.cpuUs) / 1000,
    stdoutTotalBytes,
    stderrTotalBytes,
    stdout: payload.subarray(header.bytes, stdoutEnd),
    stderr: payload.subarray(stdoutEnd),
  };
}

function readCount(payload: Buffer, at: number): number {
  const count = payload.readBigUInt64LE(at);
  if (count > BigInt(Number.MAX_SAFE_INTEGER)) throw badFrame('a count in DONE is out of range');
  return Number(count);
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `SIG${number}`;
}
