import { expect, it } from 'vitest';
import { codesOf } from '../samples.ts';
import { parse, read } from './azure-output.ts';

it.each(['', ' ', '\n\r\n\t', '\uFEFF', '\uFEFF \n'])('%j is empty', (text) => {
  expect(parse(text).kind).toBe('empty');
});

it.each([
  '[]',
  '[{"ok":false}]',
  '"block"',
  '"{}"',
  '0',
  'true',
  'null',
  'blocked',
  '{',
  '{"ok":fal',
  '{"ok":true',
  '{"ok":true,}',
  "{'ok': true}",
  '{"ok":true} {"ok":false}',
  '{"ok":true}\n{"ok":true}',
  'starting\n{"decision":"allow"}',
  '{"decision":"allow"}\ndone',
  '{"decision":"allow"}\0',
  '{ok:true}',
  '{"ok":NaN}',
  '{"ok":True}',
])('%s is malformed', (text) => {
  const parsed = parse(text);
  expect(parsed).toMatchObject({ kind: 'malformed', diagnostic: { code: 'stdout-not-pure-json' } });
});

it('what was printed is shown, but not all of it', () => {
  const parsed = parse(`nonsense ${'x'.repeat(5_000)}`);
  expect(parsed).toMatchObject({ kind: 'malformed', message: expect.stringContaining('nonsense') });
  expect(parsed.kind === 'malformed' && parsed.message.length).toBeLessThan(700);
});

it.each([
  [{}, undefined],
  [{ hookSpecificOutput: {} }, undefined],
  [{ hook_specific_output: {} }, undefined],
  [{ hookSpecificOutput: { decision: {} } }, undefined],
  [{ updatedInput: null }, undefined],
  [{ ok: true }, 'none'],
  [{ ok: false, reason: 'r' }, 'block'],
  [{ decision: 'allow' }, 'allow'],
  [{ decision: 'approve' }, 'allow'],
  [{ decision: 'block' }, 'block'],
  [{ decision: 'deny' }, 'block'],
  [{ decision: 'ask' }, 'ask'],
  [{ decision: 'defer' }, 'ask'],
  [{ hookSpecificOutput: { permissionDecision: 'allow' } }, 'allow'],
  [{ hookSpecificOutput: { permissionDecision: 'ask' } }, 'ask'],
  [{ hookSpecificOutput: { permissionDecision: 'deny' } }, 'block'],
  [{ hookSpecificOutput: { permission_decision: 'deny' } }, 'block'],
  [{ hook_specific_output: { permission_decision: 'deny' } }, 'block'],
  [{ hook_specific_output: { permissionDecision: 'deny' } }, 'block'],
  [{ hookSpecificOutput: { decision: { behavior: 'deny' } } }, 'block'],
  [{ permissionDecision: 'deny' }, 'block'],
  [{ permission_decision: 'ask' }, 'ask'],
  [{ permission: 'deny' }, 'block'],
  [{ continue: false }, undefined],
  [{ continue_: false }, undefined],
  [{ cancel: true }, 'block'],
  [{ halt: true }, 'block'],
  [{ continue: true }, undefined],
  [{ continue_: true }, undefined],
  [{ cancel: false }, undefined],
  [{ halt: false }, undefined],
  [{ reason: 'only words' }, undefined],
  [{ suppressOutput: true }, undefined],
  [{ version: 1 }, undefined],
  [{ hookSpecificOutput: { additionalContext: 'c' } }, undefined],
])('%j says %s', (value, decision) => {
  expect(read(value).decision).toBe(decision);
});

it.each([
  [{ decision: 'Block' }],
  [{ decision: 'DENY' }],
  [{ decision: 'blok' }],
  [{ decision: ' block' }],
  [{ decision: '' }],
  [{ decision: 'none' }],
  [{ decision: null }],
  [{ decision: true }],
  [{ decision: ['block'] }],
  [{ decision: { behavior: 'deny' } }],
  [{ decision: 'constructor' }],
  [{ decision: '__proto__' }],
  [{ ok: 'false' }],
  [{ ok: 0 }],
  [{ ok: null }],
  [{ ok: true, decision: 'blok' }],
  [{ continue: 'no' }],
  [{ hookSpecificOutput: { permissionDecision: 'Allow' } }],
  [{ hookSpecificOutput: 'deny' }],
  [{ hookSpecificOutput: [{ permissionDecision: 'deny' }] }],
  [{ Decision: 'block' }],
  [{ verdict: 'block' }],
  [{ OK: false }],
  [{ ok: 'no', decision: 'allow' }],
  [{ ok: 1, permission: 'ask' }],
  [{ hookSpecificOutput: {}, verdict: 'block' }],
  [{ 'hookSpecificOutput.permissionDecision': 'allow' }],
  [{ 'hookSpecificOutput.decision.behavior': 'deny' }],
  [{ hookSpecificOutput: { 'decision.behavior': 'allow' } }],
])('%j cannot be understood', (value) => {
  expect(parse(JSON.stringify(value)).kind).toBe('unknown');
});

it.each([
  [{ decision: 'block', ok: 'x' }],
  [{ ok: false, decision: 'blok' }],
  [{ permission: 'deny', hookSpecificOutput: { permissionDecision: null } }],
  [{ cancel: true, continue: 'no' }],
])('%j rejects, and the value that is wrong does not undo it', (value) => {
  const { decision, diagnostics } = read(value);
  expect(decision).toBe('block');
  expect(diagnostics.filter(({ code }) => code === 'wrong-type')).toHaveLength(1);
});

it('a key with a dot is no path: beside a decision it is an unknown key', () => {
  const { decision, permitted, diagnostics } = read({
    ok: true,
    'hookSpecificOutput.permissionDecision': 'allow',
  });
  expect({ decision, permitted }).toEqual({ decision: 'none', permitted: false });
  expect(codesOf(diagnostics)).toEqual(['unknown-key']);
});

it('a long unknown key is shown in part only', () => {
  const parsed = parse(JSON.stringify({ ['k'.repeat(5_000)]: 1 }));
  expect(parsed.kind === 'unknown' && parsed.message.length).toBeLessThan(300);
});

it('__proto__ is a key like any other', () => {
  expect(parse('{"__proto__":{"decision":"allow"}}').kind).toBe('unknown');
  expect(
    codesOf(read('{"decision":"block","__proto__":{"decision":"allow"}}').diagnostics),
  ).toEqual(['unknown-key']);
  expect(
    read('{"ok":true,"hookSpecificOutput":{"__proto__":{"permissionDecision":"allow"}}}'),
  ).toMatchObject({
    decision: 'none',
    permitted: false,
  });
});

it.each([
  [{ ok: false, decision: 'allow' }, 'block'],
  [{ ok: true, decision: 'block' }, 'block'],
  [{ ok: false, hookSpecificOutput: { permissionDecision: 'allow' } }, 'block'],
  [{ decision: 'allow', hookSpecificOutput: { permissionDecision: 'ask' } }, 'ask'],
  [{ decision: 'allow', permission: 'deny' }, 'block'],
])('%j contradicts itself and is read as %s', (value, decision) => {
  const output = read(value);
  expect(output.decision).toBe(decision);
  expect(codesOf(output.diagnostics)).toContain('contradiction');
});

it.each([
  [{ ok: false, decision: 'block' }],
  [{ ok: true, decision: 'allow' }],
  [{ ok: true, hookSpecificOutput: { permissionDecision: 'ask' } }],
  [{ decision: 'deny', permission: 'deny' }],
  [{ decision: 'allow', continue: true }],
  [{ decision: 'allow', continue: false }],
])('%j does not contradict itself', (value) => {
  expect(codesOf(read(value).diagnostics)).not.toContain('contradiction');
});

it.each([
  [
    {
      ok: false,
      reason: 'r',
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionReason: 'p' },
    },
    [],
  ],
  [
    {
      decision: 'allow',
      hookSpecificOutput: { additionalContext: 'c', permissionDecision: 'allow' },
    },
    [],
  ],
  [{ permission: 'deny' }, ['foreign-spelling']],
  [{ hook_specific_output: { permission_decision: 'deny' } }, ['foreign-spelling']],
  [{ ok: true, confidence: 0.9 }, ['unknown-key']],
  [{ ok: true, hookSpecificOutput: { reason: 'r' } }, ['unknown-key']],
  [{ continue: false, note: 1 }, ['foreign-spelling', 'unknown-key']],
])('%j leaves the diagnostics %j', (value, codes) => {
  expect(codesOf(read(value).diagnostics)).toEqual(codes);
});

it.each([
  [{ hookSpecificOutput: { permissionDecision: 'allow' } }, true],
  [{ hookSpecificOutput: { permissionDecision: 'ask' } }, false],
  [{ hookSpecificOutput: { permission_decision: 'allow' } }, false],
  [{ permissionDecision: 'allow' }, false],
  [{ decision: 'allow' }, false],
])('%j permits in the word that may override a policy: %s', (value, permitted) => {
  expect(read(value).permitted).toBe(permitted);
});
