/**
 * Both halves of the control channel have the same layout: test/fixtures/frames.txt holds one of
 * every frame as write-frames.c writes them with the supervisor's own sources, a line of
 * hexadecimal digits each. After a change of wire.h `vitest -u` writes it anew.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { defaultRunLimits } from '../../src/protocol/run.ts';
import { decodeDone } from '../../src/sandbox/done.ts';
import { type Frame, FrameReader } from '../../src/sandbox/frame-reader.ts';
import {
  encodeBundle,
  encodeCancel,
  encodeHello,
  encodeJob,
  encodePing,
} from '../../src/sandbox/frames.ts';
import { imageFolder } from '../../src/sandbox/image.ts';
import { checkVersion } from '../../src/sandbox/wire-version.ts';
import { bundleOf } from '../support/script.ts';
import { donePayload, supervisorFrame } from '../support/supervisor-frames.ts';

const fixture = path.join(import.meta.dirname, '../fixtures/frames.txt');
const golden = readFileSync(fixture, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => Buffer.from(line, 'hex'));
const nonce = Buffer.from(Array.from({ length: 16 }, (_, index) => index + 1));
const noExitCode = 0xffffffff;
/** What write-frames.c keeps of each output. */
const limits = { stdoutBytes: 3, stderrBytes: 2 };

const jobOf = (fields: {
  runtime: 'bash' | 'python3';
  script: string;
  stdin: string;
  transcript?: string;
}) =>
  encodeJob(nonce, {
    runtime: fields.runtime,
    script: Buffer.from(fields.script),
    stdin: Buffer.from(fields.stdin),
    ...(fields.transcript === undefined ? {} : { transcript: Buffer.from(fields.transcript) }),
    limits: { ...defaultRunLimits, timeoutMs: 30_000, stdoutBytes: 1 << 20, stderrBytes: 64 << 10 },
  });
const fromHost: [string, Buffer][] = [
  ['HELLO', encodeHello(nonce)],
  ['PING', encodePing(nonce)],
  ['CANCEL', encodeCancel(nonce)],
  ['JOB for bash, without a transcript', jobOf({ runtime: 'bash', script: 'true', stdin: '{}' })],
  [
    'JOB for python3, with a transcript',
    jobOf({ runtime: 'python3', script: 'print(1)', stdin: '{"a":1}', transcript: 'said before' }),
  ],
  ['BUNDLE', encodeBundle(nonce, bundleOf({ 'b/x.sh': 'exit 2', 'words.txt': '' }))],
  ['BUNDLE without files', encodeBundle(nonce, undefined)],
];

const killed = { exitCode: noExitCode, signal: 9 };
const done = (fields: object, stdoutTotal: number) =>
  donePayload({ stdout: 'out', stderr: 'er', stdoutTotal, stderrTotal: 70, ...fields });
/** Type, payload, and for DONE what the run is. */
const fromSupervisor: [string, Buffer, object?][] = [
  ['R', Buffer.from('version=3\n')],
  ['R', Buffer.alloc(0)],
  [
    'D',
    done({ exitCode: 2 }, 3),
    { status: 'exited', exitCode: 2, signal: null, stdoutTotalBytes: 3 },
  ],
  [
    'D',
    done({ status: 1, ...killed, signal: 15 }, 4),
    { status: 'signaled', exitCode: null, signal: 'SIGTERM' },
  ],
  ['D', done({ status: 2, ...killed }, 5), { status: 'timed-out', signal: 'SIGKILL' }],
  [
    'D',
    done({ status: 3, exitCode: 1, oomKills: 6 }, 6),
    { status: 'out-of-memory', exitCode: 1, oomKills: 6 },
  ],
  [
    'D',
    done({ status: 4, ...killed }, 2 ** 32 + 7),
    { status: 'output-limit', stdoutTotalBytes: 2 ** 32 + 7 },
  ],
  [
    'D',
    done({ status: 5, ...killed }, 8),
    { status: 'cancelled', wallMs: 1.5, cpuMs: 0.9, stderrTotalBytes: 70 },
  ],
  ['X', Buffer.from('a file is left')],
  ['E', Buffer.from('the zygote is gone')],
];
const letters = { ready: 'R', done: 'D', dirty: 'X', fault: 'E', pong: 'P' };

test.each(fromHost.map(([name, frame], index) => [name, frame, golden[index]] as const))(
  'the host writes %s as the supervisor reads it',
  (_, frame, expected) => {
    expect(frame.toString('hex')).toBe(expected?.toString('hex'));
  },
);

describe('what the supervisor writes', () => {
  const bytes = Buffer.concat(golden.slice(fromHost.length));
  const read: Frame[] = [];
  new FrameReader((frame) => void read.push(frame)).push(bytes);

  test('is read as the frames that it is', () => {
    expect(read.map(({ type, payload }) => [letters[type], payload.toString('hex')])).toEqual(
      fromSupervisor.map(([letter, payload]) => [letter, payload.toString('hex')]),
    );
    const ofRun = read.filter(({ type }) => type !== 'fault');
    expect(ofRun.every((frame) => frame.nonce.equals(nonce))).toBe(true);
    expect(read.find(({ type }) => type === 'fault')?.nonce).toEqual(Buffer.alloc(16));
  });

  test('has the version that the worker wants', () => {
    expect(() => checkVersion(read[0]?.payload ?? Buffer.alloc(0))).not.toThrow();
  });

  test.each(
    fromSupervisor.flatMap(([, , facts], index) =>
      facts === undefined ? [] : [[facts, read[index]] as const],
    ),
  )('tells %j', (facts, frame) => {
    const result = decodeDone(frame?.payload ?? Buffer.alloc(0), limits);
    expect(result).toMatchObject(facts);
    expect([Buffer.from(result.stdout).toString(), Buffer.from(result.stderr).toString()]).toEqual([
      'out',
      'er',
    ]);
  });

  test('is what the tests that play the supervisor write', () => {
    const played = fromSupervisor.map(([letter, payload]) =>
      supervisorFrame(letter, letter === 'E' ? Buffer.alloc(16) : nonce, payload),
    );
    expect(Buffer.concat(played).toString('hex')).toBe(bytes.toString('hex'));
  });
});

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);

test('the frames are those of the present sources of the supervisor', { timeout: 60_000 }, async ({
  skip,
}) => {
  if (compiler === undefined) return skip('there is no C compiler here (cc, gcc, clang)');
  const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-frames-'));
  try {
    const supervisor = path.join(imageFolder, 'supervisor');
    const sources = [
      path.join(import.meta.dirname, 'write-frames.c'),
      ...['channel.c', 'process.c'].map((name) => path.join(supervisor, name)),
    ];
    const program = path.join(folder, 'write-frames');
    const flags = [
      '-std=gnu11',
      '-Wall',
      '-Wextra',
      '-Wconversion',
      '-Wshadow',
      '-Werror',
      '-I',
      supervisor,
    ];
    await promisify(execFile)(compiler, [...flags, '-o', program, ...sources]);
    const { status, stdout, stderr } = spawnSync(program);
    expect({ status, stderr: stderr.toString() }).toEqual({
      status: 72,
      stderr: 'supervisor: the zygote is gone\n',
    });
    await expect(linesOf(stdout)).toMatchFileSnapshot(fixture);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A line for each frame: 4 bytes of length, 1 of type, 16 of nonce, then so many of payload. */
function linesOf(stream: Buffer): string {
  let lines = '';
  for (let at = 0, end = 0; at < stream.length; at = end) {
    end = at + 21 + stream.readUInt32LE(at);
    lines += `${stream.toString('hex', at, end)}\n`;
  }
  return lines;
}
