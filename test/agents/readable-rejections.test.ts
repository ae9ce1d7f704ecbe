/**
 * A rejection that can be read stands, whatever it is wrapped in; what cannot be understood is
 * failMode's.
 */
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import { eventRules } from '../../src/protocol/dialect-lookup.ts';
import { codesOf } from '../protocol/samples.ts';
import { titledTexts } from '../support/titles.ts';
import { closed, gates, ran, spread } from './runs.ts';

const denials = [
  '{"decision":"block","reason":"policy"}',
  '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"policy"}}',
  '{"hook_specific_output":{"permission_decision":"deny","permission_decision_reason":"policy"}}',
  '{"ok":false,"reason":"policy"}',
  '{"cancel":true,"errorMessage":"policy"}',
  '{"permission":"deny","user_message":"policy","reason":"policy"}',
  '{\n  "decision": "deny",\n  "reason": "policy"\n}',
];

const wrappings: readonly (readonly [string, (denial: string) => string])[] = [
  ['behind a line', (denial) => `checking...\n${denial}\n`],
  ['behind text on its line', (denial) => `result: ${denial}`],
  ['before a line', (denial) => `${denial}\ndone`],
  ['between lines', (denial) => `+ jq .\nWelcome {to} [zsh]\n${denial}\nbye "x`],
  ['behind a quote that does not end', (denial) => `say "hello\n${denial}`],
  ['behind braces that do not end', (denial) => `{ {{ if {"a": [\n${denial}`],
  ['behind JSON that is a log line', (denial) => `{"level":"info","msg":"go"}\n${denial}`],
  ['behind an allow', (denial) => `{"decision":"allow"}\n${denial}`],
  ['before an allow', (denial) => `${denial}\n{"decision":"allow"}`],
  ['on one line with an allow', (denial) => `{"decision":"allow"}${denial}`],
  ['in an array', (denial) => `[${denial}]`],
  ['in an array of arrays', (denial) => `[[1, ${denial}], []]`],
  ['in an array behind an allow', (denial) => `[{"decision":"allow"},${denial}]`],
  ['as a JSON string', (denial) => JSON.stringify(denial)],
  ['as a JSON string of a JSON string', (denial) => JSON.stringify(JSON.stringify(denial))],
  ['as a JSON string with text', (denial) => JSON.stringify(`checking ${denial}`)],
  ['as a JSON string behind a line', (denial) => `checking...\n${JSON.stringify(denial)}`],
  ['as a JSON string in an array', (denial) => JSON.stringify([denial])],
  ['in a fence', (denial) => `\`\`\`json\n${denial}\n\`\`\``],
  ['in colours', (denial) => `\u001b[31m${denial}\u001b[0m`],
  ['before a NUL', (denial) => `${denial}\0`],
  [
    'with equal keys, behind a line',
    (denial) => `checking\n${denial.replace('{', '{"decision":"allow","decision":"allow",')}`,
  ],
  ['behind thousands of opening braces', (denial) => `${'{ '.repeat(5_000)}\n${denial}`],
  ['before thousands of opening braces', (denial) => `${denial}\n${'{ '.repeat(5_000)}`],
  [
    'between hundreds of objects',
    (denial) => `${'{"a":1,"a":2}\n{"a":1}\n'.repeat(150)}${denial}\n${'{"ok":true}'.repeat(300)}`,
  ],
];

describe.each(dialects)('under $name', (dialect) => {
  const places = gates(dialect);

  it.each(wrappings)('a rejection %s stands where failMode is block', (_, wrap) => {
    const texts = denials.map((denial) => [denial, wrap(denial)] as const);
    const stands = (place: string, text: string) => {
      const { decision, reason } = ran(place, 0, text, '', closed);
      return decision === 'block' && reason?.includes('policy');
    };
    // One expect for all: one for each takes a fifth of the time of this file.
    const lost = spread(dialect, texts).filter(([place, [, text]]) => !stands(place, text));
    expect(lost.map(([place, [denial]]) => `${place} ${denial}`)).toEqual([]);
  });

  it('a rejection on stderr stands where failMode is block and stdout has no verdict', () => {
    for (const place of places) {
      for (const stdout of ['', '\n', 'checking']) {
        for (const stderr of [denials[0], `checking\n${denials[0]}`]) {
          expect(ran(place, 0, stdout, stderr, closed)).toMatchObject({
            decision: 'block',
            reason: 'policy',
          });
        }
      }
    }
  });

  it('a rejection behind a line stands where failMode is allow too, but for texts that are a context', () => {
    for (const place of places) {
      const rules = eventRules(dialect, String(place.split(' ')[1]));
      const result = ran(place, 0, `checking...\n${denials[0]}`, '', {
        failMode: 'allow',
        failModeIsDefault: undefined,
      });
      const isContext = rules.text === 'context' && dialect.output.plainText === 'text';
      expect(result.decision === 'block', place).toBe(!isContext);
      if (!isContext) expect(result).toMatchObject({ reason: 'policy' });
    }
  });

  it.each([
    '{"decision":"block","reason":"not this: echo "hi""}',
    '{"decision":"block","reason":"not this: echo\nhi"}',
    '{"decision":"block","reason":"not this: x"}\n{"decision":"allow","a":"y"}',
    '{"decision":"block","reason":"not this: x',
  ])('%s, of a guard that quotes what it blocks, rejects whatever its failMode is', (text) => {
    for (const place of places) {
      for (const failMode of ['allow', 'block'] as const) {
        expect(ran(place, 0, text, '', { ...closed, failMode }).decision, place).toBe('block');
      }
    }
  });

  const notUnderstood = [
    'checking\n{"decision":"allow"}',
    '{"decision":"allow"}\ndone',
    '{"decision":"allow"} {"decision":"allow"}',
    '[{"decision":"allow"}]',
    '[]',
    '[1]',
    JSON.stringify('text {"decision":"allow"}'),
    "{'decision': 'block'}",
    'result: {decision: block}',
    'result: {"decision":"block","reason":"a "quote" in it"}',
    'result: {"decision":"blo',
    '{"decision":"block"',
    `{"list":[${'0,'.repeat(10_001)}`,
    `{"decision":"allow","list":[${'0,'.repeat(10_001)}0]}`,
    '{"result":{"decision":"block"}}',
    `${'{'.repeat(3_000)} text`,
    'text {"hookSpecificOutput":{}}',
  ];
  const notUnderstoodAt = spread(dialect, notUnderstood);

  it.each(titledTexts(notUnderstood))('%s is not understood: failMode block blocks', (_, text) => {
    for (const [place] of notUnderstoodAt.filter(([, one]) => one === text)) {
      const result = ran(place, 0, text, '', closed);
      expect(result.decision, place).toBe('block');
      expect(result.cause).toMatchObject({
        kind: 'fail-mode',
        code: expect.stringMatching(/^HOOK_OUTPUT_(MALFORMED|UNKNOWN)$/),
      });
    }
  });

  it.each([
    'looks fine',
    'nothing {to} see',
    'a function f() { return 1; }',
    'see {"name":"x","list":[1]} for more',
  ])('%s stays text', (text) => {
    const plain = (place: string, said: string) => ran(place, 0, said, '', closed).decision;
    for (const place of places) expect(plain(place, text), place).toBe(plain(place, 'text'));
  });

  it('an event that cannot be blocked keeps its text', () => {
    const told = Object.entries(dialect.events).find(
      ([, rules]) => !rules.canBlock && rules.text === 'context',
    );
    if (told === undefined || dialect.output.plainText !== 'text') return;
    const text = `read {"decision":"block"} first`;
    expect(ran(`${dialect.name} ${told[0]}`, 0, text, '', closed)).toMatchObject({
      decision: dialect.says.text,
      additionalContext: text,
    });
  });
});

describe('a rejection that upstream would not have read', () => {
  it('is told with its cause and a diagnostic', () => {
    const result = ran('claude-code PreToolUse', 0, `checking...\n${denials[0]}`, '', closed);
    expect(result).toMatchObject({
      decision: 'block',
      reason: 'policy',
      cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_MALFORMED' },
    });
    expect(codesOf(result.diagnostics)).toEqual(['stdout-not-pure-json', 'stricter-than-upstream']);
  });

  it('counts on other exit codes where JSON counts there', () => {
    expect(ran('claude-code PreToolUse', 1, `checking...\n${denials[0]}`)).toMatchObject({
      decision: 'block',
      reason: 'policy',
    });
    expect(ran('claude-code PreToolUse', 1, 'checking...')).toMatchObject({ decision: 'none' });
    expect(ran('claude-code PreToolUse', 1, JSON.stringify(denials[0]))).toMatchObject({
      decision: 'none',
    });
    expect(ran('azure PreToolUse', 1, `checking...\n${denials[0]}`)).toMatchObject({
      decision: 'allow',
    });
  });

  it('is a text in a JSON string, where failMode is allow and a JSON string is a text', () => {
    expect(ran('claude-code PreToolUse', 0, JSON.stringify(denials[0])).decision).toBe('none');
    expect(ran('azure PreToolUse', 0, JSON.stringify(denials[0])).decision).toBe('block');
  });

  it('on stderr counts only for a hook that must not fail open, and never against an object on stdout', () => {
    expect(ran('claude-code PreToolUse', 0, '', denials[0]).decision).toBe('none');
    expect(
      ran('claude-code PreToolUse', 0, '{"systemMessage":"m"}', denials[0], closed).decision,
    ).toBe('none');
    expect(ran('claude-code PreToolUse', 0, '', '{"decision":"allow"}', closed).decision).toBe(
      'none',
    );
    expect(ran('claude-code PreToolUse', 0, '', 'log {"decision":"allow"}', closed).decision).toBe(
      'none',
    );
    expect(ran('claude-code PreToolUse', 0, '', ' ', closed).decision).toBe('none');
  });

  it('that only ends the turn ends the turn', () => {
    const result = ran(
      'claude-code Stop',
      0,
      'checking\n{"continue":false,"stopReason":"r"}',
      '',
      closed,
    );
    expect(result).toMatchObject({ decision: 'none', continue: false, stopReason: 'r' });
  });

  it("that needs words and has none is failMode's", () => {
    expect(ran('azure Stop', 0, 'checking\n{"ok":false}', '', closed).decision).toBe('block');
    expect(ran('azure Stop', 0, '{"ok":false}', '', closed).decision).toBe('allow');
  });
});
