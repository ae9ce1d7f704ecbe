/**
 * A verdict that no dialect reads where it stands does not let an action go ahead where failMode is
 * block.
 */
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import { closed, gates, ran } from './runs.ts';

const open = { failMode: 'allow', failModeIsDefault: undefined } as const;

describe.each(dialects)('under $name', (dialect) => {
  const places = gates(dialect);

  it.each([
    '{"Decision":"block","reason":"no"}',
    '{"decision ":"block","reason":"no"}',
    '{"PermissionDecision":"deny","reason":"no"}',
    '{"permission-decision":"Denied","reason":"no"}',
    '{"Continue":false,"reason":"no"}',
    '{"OK":"false","reason":"no"}',
    '{"Cancel":true,"reason":"no"}',
    '{"block":true,"reason":"no"}',
    '{"decision":"allow","Decision":"ask"}',
    '{"hookSpecificOutput.permissionDecision":"deny","reason":"no"}',
    '{"reason":{"decision":"block"}}',
    '{"reason":"no","output":{"decision":"block"}}',
    '{"reason":"no","outputs":[{"Decision":["block"]}]}',
    ...['"decision":"block"', '"behavior":"deny"', '"permission":"deny"', '"continue":false'].map(
      (member) => `{"hookSpecificOutput":{"hookEventName":"PreToolUse",${member}}}`,
    ),
  ])('a rejection that is not read is failMode’s: %s', (text) => {
    for (const place of places) {
      const result = ran(place, 0, text, '', closed);
      expect(result, place).toMatchObject({
        decision: 'block',
        cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_UNKNOWN' },
      });
    }
  });

  it.each([
    '{"Decision":"allow","decision":"allow"}',
    '{"decision":"allow","Continue":true,"Cancel":false,"note":"block"}',
    '{"decision":"allow","tool_input":{"decision":"block","cancel":true}}',
    '{"decision":"allow","result":{"modified_input":{"Decision":"block"},"additionalContext":["decision: block"]}}',
    '{"decision":"allow","updatedPermissions":[{"type":"addRules","behavior":"deny"}]}',
    '{"decision":"allow","tool_response":{"ok":false},"updatedToolOutput":{"cancel":true}}',
    '{"decision":"allow","list":[null,{"ok":true},"block"]}',
  ])('what permits is as good as without it: %s', (text) => {
    for (const place of places) {
      const plain = ran(place, 0, '{"decision":"allow","zzz":1}', '', closed).decision;
      expect(ran(place, 0, text, '', closed).decision, place).toBe(plain);
    }
  });

  it('the reading of upstream stays where failMode is allow', () => {
    for (const place of places) {
      const plain = ran(place, 0, '{"zzz":1,"systemMessage":"m"}', '', open).decision;
      expect(
        ran(place, 0, '{"Decision":"block","systemMessage":"m"}', '', open).decision,
        place,
      ).toBe(plain);
    }
  });

  it('a rejection that is read needs no failMode', () => {
    for (const place of places) {
      expect(
        ran(place, 0, '{"decision":"block","reason":"policy","Decision":"block"}', '', closed),
      ).toMatchObject({
        decision: 'block',
        reason: 'policy',
      });
    }
  });
});

it('a new input and the fields of the dialect are no verdicts', () => {
  const output = {
    modifiedArgs: { decision: 'block' },
    modifiedResult: { ok: false },
    additionalContext: 'cancel',
  };
  expect(ran('copilot preToolUse', 0, output, '', closed).decision).toBe('none');
});

it('a rejection that is not read counts on another exit code too, where JSON counts there', () => {
  expect(
    ran('claude-code PreToolUse', 1, '{"Decision":"block","reason":"no"}', '', closed).decision,
  ).toBe('block');
  expect(
    ran('claude-code PreToolUse', 1, '{"Decision":"block","reason":"no"}', '', open).decision,
  ).toBe('none');
});

describe('an earlier control line of cline', () => {
  const lines = (...texts: string[]) => texts.map((text) => `HOOK_CONTROL\t${text}\n`).join('');
  const unreadable = [
    '{"cancel": True}',
    '{"cancel":"True"}',
    '{"Cancel":true}',
    '{"cancel":tru',
    '[{"cancel":"True"}]',
    '{"review":1}',
  ];

  it.each(unreadable)('that may reject and cannot be read is failMode’s: %s', (text) => {
    for (const last of ['{"cancel":false}', 'text', '{"zzz":1}']) {
      const result = ran('cline PreToolUse', 0, lines(text, last), '', closed);
      expect(result, last).toMatchObject({ decision: 'block', cause: { kind: 'fail-mode' } });
      expect(ran('cline PreToolUse', 0, lines(text, last), '', open).decision, last).toBe('none');
    }
  });

  it.each([
    '{"cancel":false}',
    '{"review":true}',
    'text {to} see',
    '7',
    '{"contextModification":"c"}',
    '{"zzz":1}',
  ])('that does not reject is replaced by the last: %s', (text) => {
    expect(ran('cline PreToolUse', 0, lines(text, '{"cancel":false}'), '', closed).decision).toBe(
      'none',
    );
  });

  it('that is one of too many to read is failMode’s, also where the last is a text', () => {
    const many = lines(...Array.from({ length: 2_001 }, () => '{"cancel":false}'));
    for (const last of ['{"cancel":false}', 'text']) {
      expect(ran('cline PreToolUse', 0, many + lines(last), '', closed).decision, last).toBe(
        'block',
      );
    }
  });

  it('that cannot be read does not soften a rejection in the last', () => {
    const text = lines('{"cancel": True}', '{"cancel":true,"errorMessage":"no"}');
    expect(ran('cline PreToolUse', 0, text, '', closed)).toMatchObject({
      decision: 'block',
      reason: 'no',
    });
  });
});

describe('a line of progress of copilot', () => {
  const denial =
    '{"type":"progress","permissionDecision":"deny","permissionDecisionReason":"no"}\n';

  it.each([
    '',
    '{"permissionDecision":"allow"}',
    'text',
    '{"zzz":1}',
    '{"permissionDecision":"allow"',
  ])('that rejects is a rejection, whatever stands beside it: %s', (rest) => {
    for (const text of [denial + rest, `${rest}\n${denial}`]) {
      const result = ran('copilot preToolUse', 0, text, '', closed);
      expect(result, text).toMatchObject({ decision: 'block', cause: { kind: 'fail-mode' } });
      if (rest !== '{"zzz":1}') expect(result).toMatchObject({ reason: 'no' });
    }
  });

  it('that rejects is only progress where failMode is allow', () => {
    for (const rest of ['', '{"permissionDecision":"allow"}', 'text']) {
      const plain = ran('copilot preToolUse', 0, rest, '', open).decision;
      expect(ran('copilot preToolUse', 0, denial + rest, '', open).decision, rest).toBe(plain);
    }
  });

  it.each([
    '"Permissiondecision":"deny"',
    '"permissionDecision":"denied"',
    '"permissionDecision":"ask"',
  ])('that may reject is failMode’s: %s', (member) => {
    for (const rest of ['', '{"permissionDecision":"allow"}', 'text']) {
      const text = `{"type":"progress",${member}}\n${rest}`;
      expect(ran('copilot preToolUse', 0, text, '', closed).decision, rest).toBe('block');
    }
  });

  it('that does not reject changes nothing', () => {
    for (const line of [
      '{"type":"progress","message":"denied"}',
      '{"type":"progress","permissionDecision":"allow"}',
    ]) {
      expect(
        ran('copilot preToolUse', 0, `${line}\n{"permissionDecision":"allow"}`, '', closed)
          .decision,
      ).toBe('allow');
      expect(ran('copilot preToolUse', 0, line, '', closed).decision).toBe('none');
    }
  });

  it('that rejects leaves a rejection in the output as it is', () => {
    for (const text of [
      '{"permissionDecision":"deny","permissionDecisionReason":"policy"}',
      'text {"ok":false,"reason":"policy"}',
    ]) {
      expect(ran('copilot preToolUse', 0, denial + text, '', closed)).toMatchObject({
        decision: 'block',
        reason: 'policy',
      });
    }
  });
});
