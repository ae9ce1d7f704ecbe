import { describe, expect, test } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { findRejection, mentionsVerdict } from '../../../src/protocol/verdict/rejection.ts';
import { titled, titledTexts } from '../../support/titles.ts';

const no = '{"decision":"block"}';

function search(text: string) {
  return findRejection(azure, [text], 'PreToolUse');
}

describe('findRejection', () => {
  test.each(
    titledTexts([
      no,
      `a ${no} b`,
      `["x" , ${no}]`,
      `"{" ${no}`,
      `say "${no}`,
      `"a" "b" ${no}`,
      `{"a":"{"} ${no}`,
      `{"a":1,"a":2} ${no}`,
      `{"a": ${no}`,
      JSON.stringify(`[${no}]`),
      '{"decision":"block","reason":"not "this"',
      'text {"decision":"block","reason":"not this:\nrm"} text',
      '{"decision":"block"',
      JSON.stringify(JSON.stringify(JSON.stringify(JSON.stringify(no)))),
      `{"list":[${'0,'.repeat(10_000)}0],"decision":"block"}`,
      `text {"list":[${'0,'.repeat(10_000)}0],"decision":"block"}`,
      `${'{"a":'.repeat(70)}0${'}'.repeat(70)} ${no}`,
    ]),
  )('%s rejects', (_, text) => {
    expect(search(text).rejection).toHaveProperty('decision', 'block');
  });

  test.each([
    ['{"ok":false', { ok: false }],
    [
      'text {"hookSpecificOutput":{"permissionDecision":"deny"},',
      { hookSpecificOutput: { permissionDecision: 'deny' } },
    ],
  ])('%s rejects before it ends', (text, rejection) => {
    expect(search(text)).toEqual({ rejection });
  });

  test.each(
    titledTexts([
      'text',
      '{ text }',
      '{ '.repeat(750),
      '{"a":1}',
      `{"a":${no}}`,
      `{"a":${JSON.stringify(no)}}`,
      '{"decision": block}',
      '{"reason":"not "decision":"block""}',
      '{"ok":fals',
      '{"decision":"bloc',
      `{"list":[${'0,'.repeat(10_000)}${no}]}`,
    ]),
  )('%s holds no verdict', (_, text) => {
    expect(search(text)).toEqual({});
  });

  test.each([
    ['text {"decision":"allow"}', 'a verdict stands beside other text'],
    ['text {"decision":"ask"}', 'a verdict stands beside other text'],
    ['[{"hook_specific_output":{}}]', 'a verdict stands beside other text'],
  ])('%s may hold one', (text, unclear) => {
    expect(search(text)).toEqual({ unclear });
  });

  test.each(
    titled([
      ['{ '.repeat(1_001), 'it has more than 1000 opening braces'],
      [
        `{"a":"${'x'.repeat(600_000)}","a":1} text {"b":1}`,
        'it has more than 1048576 characters or 20000 values to look through',
      ],
      [
        `{"a":[${'0,'.repeat(9_900)}0]} `.repeat(4),
        'it has more than 1048576 characters or 20000 values to look through',
      ],
      [`[{"ok":true}, ${'{"a":1,"a":2},'.repeat(1_001)}0]`, 'it has more than 1000 opening braces'],
    ]),
  )('%s is not looked through, but for a part of it', (_, text, unclear) => {
    expect(search(text)).toEqual({ unclear, isPartial: true });
  });

  test('an object that does not end is the last that is looked at', () => {
    expect(search(`{"list":[${'0,'.repeat(10_000)}0, ${no}`)).toEqual({});
  });
});

describe('findRejection of several texts', () => {
  test('gives the first rejection of several texts', () => {
    expect(findRejection(azure, ['a', no, '{"ok":false}'], 'PreToolUse')).toEqual({
      rejection: { decision: 'block' },
    });
    expect(findRejection(azure, [], 'PreToolUse')).toEqual({});
  });

  test('looks through texts of 20,000 values together', () => {
    const text = `{"a":[${'0,'.repeat(9_900)}0]}`;
    expect(findRejection(azure, [no, text, text, text, text], 'PreToolUse')).toHaveProperty(
      'rejection',
    );
    expect(findRejection(azure, [text, text, text, text, no], 'PreToolUse')).toMatchObject({
      isPartial: true,
    });
  });
});

describe('mentionsVerdict', () => {
  test.each(
    titledTexts([
      "{'decision': 'block'}",
      '{decision: block}',
      '{"ok" : false',
      '{\\"permissionDecision\\":\\"deny\\"}',
      '{continue=false}',
      `{${'look '.repeat(1_001)}`,
    ]),
  )('%s does', (_, text) => {
    expect(mentionsVerdict(text)).toBe(true);
  });

  test.each(['decision: block', '{ the decision }', '{look: 1}', '{"tokens":1}', '{}', ''])(
    '%j does not',
    (text) => {
      expect(mentionsVerdict(text)).toBe(false);
    },
  );
});
