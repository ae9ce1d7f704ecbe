import { describe, expect, it } from 'vitest';
import { defaultRunLimits, emptyRun, type ScriptRun } from '../../src/protocol/run.ts';
import {
  isRunMessage,
  parseRunMessage,
  parseRunResultMessage,
  queuedRunCaps,
  toRunMessage,
  toRunResultMessage,
} from '../../src/wire/run-message.ts';

const script = (source: string | Uint8Array, stdin = 'in'): ScriptRun => ({
  tenant: 'a',
  isolation: 'job',
  request: {
    runtime: 'bash',
    script: Buffer.from(source),
    stdin: Buffer.from(stdin),
    limits: defaultRunLimits,
  },
});
const message = toRunMessage(script('exit 0'), 5_000);

describe('a run', () => {
  it('comes out as it went in, with the caps of the queue', () => {
    const parsed = parseRunMessage(JSON.parse(JSON.stringify(message)));
    const { request, ...rest } = parsed.script;
    expect(rest).toEqual({ tenant: 'a', isolation: 'job' });
    expect(request.limits).toEqual({ timeoutMs: defaultRunLimits.timeoutMs, ...queuedRunCaps });
    expect([Buffer.from(request.script).toString(), Buffer.from(request.stdin).toString()]).toEqual(
      ['exit 0', 'in'],
    );
    expect(parsed.message.budgetMs).toBe(5_000);
  });

  it('says when its worker was lost under an earlier attempt, and nothing of it otherwise', () => {
    expect(parseRunMessage(toRunMessage(script('exit 0'), 5_000, true)).message.apart).toBe(true);
    expect(message).not.toHaveProperty('apart');
  });

  it('names the profile of its sandbox where it has one, and only that of its kind', () => {
    const kind = { profile: 'full', workspace: '/srv/a' };
    const sent = toRunMessage({ ...script('exit 0'), kind }, 5_000);
    expect(sent.profile).toBe('full');
    expect(parseRunMessage(sent).script.kind).toEqual({ profile: 'full' });
    expect(message).not.toHaveProperty('profile');
  });

  it('names the folder in whose project it runs, and none where it runs in none', () => {
    const sent = toRunMessage({ ...script('exit 0'), cwd: '/src/app' }, 5_000);
    expect(sent.cwd).toBe('/src/app');
    expect(parseRunMessage(sent).script.cwd).toBe('/src/app');
    expect(message).not.toHaveProperty('cwd');
    expect(() => parseRunMessage({ ...message, cwd: 'x'.repeat(4_096) })).toThrow(/cwd/);
  });

  it('takes a transcript along, byte for byte, and none where it has none', () => {
    const { request, ...rest } = script('exit 0');
    const transcript = Buffer.from('é\r\n\u{1f600}');
    const sent = toRunMessage({ ...rest, request: { ...request, transcript } }, 5_000);
    const { request: got } = parseRunMessage(JSON.parse(JSON.stringify(sent))).script;
    expect(Buffer.from(got.transcript ?? []).equals(transcript)).toBe(true);
    expect(message).not.toHaveProperty('transcript');
    expect(parseRunMessage(message).script.request).not.toHaveProperty('transcript');
  });

  it('is told from the job of a hook by its kind', () => {
    expect([
      isRunMessage(message),
      isRunMessage({ v: 1 }),
      isRunMessage(null),
      isRunMessage('run'),
    ]).toEqual([true, false, false, false]);
  });

  it.each([
    ['a version of tomorrow', { ...message, v: 2 }, /^The job cannot be used: v: /],
    ['an unknown field', { ...message, more: 1 }, /more/],
    ['a tenant that is a path', { ...message, tenant: '../x' }, /tenant: /],
    ['a profile that is no plain name', { ...message, profile: 'a b' }, /profile: /],
    ['no script', { ...message, source: '' }, /source: /],
    [
      'a transcript that is too long',
      { ...message, transcript: 'é'.repeat((4 << 20) + 1) },
      /transcript: 8388610 bytes; 8388608 are the most/,
    ],
    ['a NUL character in the script', { ...message, source: 'a\0b' }, /source: a NUL character/],
    [
      'a script that is too long',
      { ...message, source: 'x'.repeat(65_537) },
      /source: 65537 bytes; 65536 are the most/,
    ],
    [
      'half of a surrogate pair',
      { ...message, stdin: '\ud800' },
      /stdin: half of a surrogate pair/,
    ],
    ['a timeout beyond the limit', { ...message, timeoutMs: 300_001 }, /timeoutMs: /],
  ])('with %s is refused', (_, data, text) => {
    expect(() => parseRunMessage(data)).toThrow(
      expect.objectContaining({ code: 'INVALID_JOB', message: expect.stringMatching(text) }),
    );
  });

  it('of bytes that are no text cannot travel', () => {
    expect(() => toRunMessage(script(new Uint8Array([0xff])), 1)).toThrow(
      /source: not valid UTF-8/,
    );
  });
});

describe('the facts of a run', () => {
  const stdout = Buffer.alloc(queuedRunCaps.stdoutBytes, 0xff);
  const run = {
    ...emptyRun('exited', 3),
    exitCode: 1,
    stdout,
    stdoutTotalBytes: 1e9,
    stderr: Buffer.alloc(queuedRunCaps.stderrBytes),
  };

  it.each([[{ container: 'c1' }], [{ container: 'c1', profile: 'full', worker: 'w' }]])(
    'come back byte for byte from %j, in 256 KiB at most',
    (ranIn) => {
      const sent = JSON.stringify(toRunResultMessage({ run, leaseMs: 2, ranIn }));
      expect(sent.length).toBeLessThan(256 << 10);
      const facts = parseRunResultMessage(JSON.parse(sent));
      expect(facts).toMatchObject({
        leaseMs: 2,
        ranIn,
        run: { status: 'exited', exitCode: 1, stdoutTotalBytes: 1e9 },
      });
      expect(facts?.ranIn).toEqual(ranIn);
      expect(Buffer.from(facts?.run.stdout ?? []).equals(stdout)).toBe(true);
      expect(facts?.run.stderr.length).toBe(queuedRunCaps.stderrBytes);
    },
  );

  it('are nothing when they are not of this version', () => {
    expect(parseRunResultMessage({ v: 1 })).toBeUndefined();
  });
});
