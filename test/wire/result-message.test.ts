import { describe, expect, it } from 'vitest';
import type { HookResult } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import {
  maxResultBytes,
  parseResultMessage,
  toResultMessage,
} from '../../src/wire/result-message.ts';
import { exited } from '../protocol/samples.ts';
import { sampleJob } from '../support/queue-job.ts';
import { packOf } from '../support/state-packs.ts';

const job = sampleJob();
const result = (output: object): HookResult =>
  decide(job.dialect, job.hook, exited(0, JSON.stringify(output)));
const size = (value: object) => Buffer.byteLength(JSON.stringify(value));
const long = 'x'.repeat(maxResultBytes);

describe('a result', () => {
  it.each([
    ['a decision', result({ decision: 'block', reason: 'no' })],
    [
      'everything',
      {
        ...result({ decision: 'allow', continue: false, stopReason: 's', systemMessage: 'm' }),
        updatedInput: { a: 1 },
      },
    ],
    [
      'a reply',
      decide(job.dialect, job.hook, { reply: Buffer.from('{"ok":true}'), totalBytes: 11 }),
    ],
    ['no run', decide(job.dialect, job.hook, { code: 'DEADLINE', message: 'late' })],
  ])('with %s comes back as it was', (_, sent) => {
    const message = toResultMessage(job, sent);
    expect(message.v).toBe(1);
    expect(parseResultMessage(JSON.parse(JSON.stringify(message)), 'guard')).toEqual(
      JSON.parse(JSON.stringify(sent)),
    );
  });

  it('has what the run left, beside its own size', () => {
    const pack = packOf([{ path: 'n', content: Buffer.alloc(200_000, 1) }]);
    const reason = 'x'.repeat(10_000);
    const sent = { ...result({ decision: 'block', reason }), state: { pack, leftOut: 1 } };
    const message = toResultMessage(job, sent);
    const back = parseResultMessage(JSON.parse(JSON.stringify(message)), 'guard');
    expect(back).toMatchObject({ reason, state: { leftOut: 1 } });
    // As one value: toEqual compares 200,000 elements one by one, for 0.5 s.
    expect(pack.equals(back?.state?.pack ?? Buffer.alloc(0))).toBe(true);
  });

  it('that is too large loses the tails of its texts, and says so', () => {
    const sent = result({
      decision: 'block',
      reason: 'no',
      hookSpecificOutput: { additionalContext: long },
    });
    const message = toResultMessage(job, sent);
    expect(size(message)).toBeLessThan(maxResultBytes);
    expect(message).toMatchObject({ decision: 'block', reason: 'no' });
    expect(message.additionalContext).toHaveLength(6 << 10);
    expect(message.diagnostics).toContainEqual({
      code: 'result-cut',
      message: `additionalContext was cut from ${maxResultBytes} to 6144 characters.`,
    });
  });

  it('fits when every text is too long and as wide as can be', () => {
    const wide = '\u0001'.repeat(maxResultBytes / 8);
    const sent: HookResult = {
      ...decide(job.dialect, job.hook, { code: 'INTERNAL', message: wide }),
      reason: wide,
      additionalContext: wide,
      systemMessage: wide,
      stopReason: wide,
      diagnostics: Array.from({ length: 99 }, () => ({ code: 'c', message: wide })),
    };
    expect(size(toResultMessage(job, sent))).toBeLessThan(maxResultBytes);
  });

  it('with a reply is cut as one of a run is', () => {
    const reply = Buffer.from(long);
    const sent = {
      ...decide(job.dialect, job.hook, { reply, totalBytes: reply.length }),
      reason: long,
    };
    expect(toResultMessage(job, sent).facts).toEqual({
      status: 'replied',
      replyHead: 'x'.repeat(4_096),
      replyTruncated: true,
    });
  });

  it('is never cut in the middle of a character', () => {
    const sent = { ...result({}), reason: `${'x'.repeat((6 << 10) - 1)}\u{1f600}${long}` };
    expect(toResultMessage(job, sent).reason).toHaveLength((6 << 10) - 1);
  });

  it('whose updated input is too large counts as failMode: half an input is another input', () => {
    const sent: HookResult = { ...result({ decision: 'allow' }), updatedInput: { text: long } };
    const message = toResultMessage(job, sent);
    expect(message).toMatchObject({
      decision: 'block',
      cause: { kind: 'fail-mode', code: 'RESULT_TOO_LARGE' },
    });
    expect(message.updatedInput).toBeUndefined();
  });
});

it.each([
  ['nothing', null],
  ['another version', { ...toResultMessage(job, result({})), v: 2 }],
  ['the result of another hook', { ...toResultMessage(job, result({})), hook: 'other' }],
  ['an unknown decision', { ...toResultMessage(job, result({})), decision: 'maybe' }],
])('%s is no result', (_, data) => {
  expect(parseResultMessage(data, 'guard')).toBeUndefined();
});
