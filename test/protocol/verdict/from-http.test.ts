import { describe, expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { claudeCode } from '../../../src/agents/claude-code/dialect.ts';
import type { HttpReading } from '../../../src/protocol/decision.ts';
import type { Dialect } from '../../../src/protocol/dialect.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { bytes, sampleHook } from '../samples.ts';

const answered = (
  text: string,
  http: Partial<HttpReading> = {},
  over: Partial<Omit<Hook, 'action'>> = {},
  dialect: Dialect = claudeCode,
) => {
  const reply = bytes(text);
  const outcome = { reply, totalBytes: reply.length, http: { mayGrant: true, ...http } };
  return decide(dialect, sampleHook(over), outcome);
};
const permit =
  '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow","updatedInput":{"a":1}}}';

describe('the answer of an http hook', () => {
  it('that is empty is no objection', () => {
    expect(answered('')).toMatchObject({ decision: 'none', cause: { kind: 'output' } });
    expect(answered(' \n')).toMatchObject({ decision: 'none' });
  });

  it('that is an object is read like stdout', () => {
    expect(answered('{"decision":"block","reason":"no"}')).toMatchObject({
      ...{ decision: 'block', reason: 'no', cause: { kind: 'output' } },
      facts: { status: 'replied', replyHead: '{"decision":"block","reason":"no"}' },
    });
  });

  it.each(['all good', '[1]', '"allow"', 'true', '<html>', '{"decision":'])(
    'that is %j is an error, and the failMode decides',
    (text) => {
      const closed = { failMode: 'block' } as const;
      expect(answered(text)).toMatchObject({ cause: { kind: 'fail-mode', code: 'HTTP_BODY' } });
      expect(answered(text, {}, closed).decision).toBe('block');
    },
  );

  it('that permits is heard only from a target that may grant', () => {
    expect(answered(permit)).toMatchObject({ decision: 'allow', updatedInput: { a: 1 } });
    const dropped = answered(permit, { mayGrant: false });
    expect(dropped).toMatchObject({ decision: 'none', diagnostics: [{ code: 'not-trusted' }] });
    expect(dropped).not.toHaveProperty('updatedInput');
    expect(answered(permit, { mayGrant: false }, {}, azure)).not.toHaveProperty('overridesPolicy');
  });

  it('that blocks is heard from every target', () => {
    expect(answered('{"decision":"block","reason":"no"}', { mayGrant: false }).decision).toBe(
      'block',
    );
    const rewrite =
      '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask","updatedInput":{"a":1}}}';
    const asked = answered(rewrite, { mayGrant: false });
    expect(asked.decision).toBe('ask');
    expect(asked).not.toHaveProperty('updatedInput');
  });
});

describe('a verdict beside the body', () => {
  it.each(['block', 'ask', 'allow', 'none'] as const)('of %s is the decision', (decision) => {
    const said = { decision, reason: 'r' };
    expect(answered('ignored', { said })).toMatchObject({ decision, cause: { kind: 'output' } });
  });

  it('grants nothing where the target may not', () => {
    const said = { decision: 'allow', reason: undefined } as const;
    expect(answered('x', { said, mayGrant: false }).decision).toBe('none');
  });
});

it('an error of the hook itself is decided by its failMode', () => {
  const error = { code: 'HTTP_STATUS', message: 'The target answered 500.' } as const;
  const result = decide(claudeCode, sampleHook({ failMode: 'block' }), error);
  expect(result).toMatchObject({ decision: 'block', cause: { code: 'HTTP_STATUS' }, facts: null });
});

it('another error of a failed reading stays what it is', () => {
  const strict = { strictOutput: true, failMode: 'block' } as const;
  expect(answered('{"verdict":1}', {}, strict).cause).toMatchObject({
    code: 'HOOK_OUTPUT_UNKNOWN',
  });
});
