/** The texts of an output. */
import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { parseOutput } from '../../../src/protocol/verdict/read-output.ts';
import { codesOf } from '../samples.ts';
import { parse, read } from './azure-output.ts';

it.each([
  [{ ok: false, reason: 'r' }, 'r'],
  [{ ok: false, reason: '  ', errorMessage: 'e' }, 'e'],
  [{ ok: false, reason: null, userMessage: 'u' }, 'u'],
  [{ ok: false, reason: ' r\n' }, ' r\n'],
  [{ hookSpecificOutput: { permissionDecision: 'ask', permissionReason: 'p' } }, 'p'],
  [{ hookSpecificOutput: { permissionDecision: 'deny', permissionDecisionReason: 'p' } }, 'p'],
  [{ hook_specific_output: { permission_decision: 'deny', permission_decision_reason: 'p' } }, 'p'],
  [{ ok: false, reason: 'r', hookSpecificOutput: { permissionReason: 'p' } }, 'r'],
  [{ ok: false }, undefined],
])('the reason of %j is %j', (value, reason) => {
  expect(read(value).reason).toBe(reason);
});

it('a reason that is no string is reported and not taken', () => {
  const output = read({ ok: false, reason: { text: 'r' }, errorMessage: 'e' });
  expect(output.reason).toBe('e');
  expect(codesOf(output.diagnostics)).toContain('wrong-type');
});

it.each(['additionalContext', 'additional_context'])(
  'context is read from %s, at the top and in both nests',
  (key) => {
    expect(read({ [key]: 'c' }).additionalContext).toBe('c');
    expect(read({ hookSpecificOutput: { [key]: 'c' } }).additionalContext).toBe('c');
    expect(read({ hook_specific_output: { [key]: 'c' } }).additionalContext).toBe('c');
  },
);

it.each([
  [{ context: 'c' }, { additionalContext: 'c' }],
  [{ contextModification: 'c' }, { additionalContext: 'c' }],
  [{ systemMessage: 'm' }, { systemMessage: 'm' }],
  [{ system_message: 'm' }, { systemMessage: 'm' }],
  [
    { continue: false, stopReason: 's' },
    { continue: false, stopReason: 's' },
  ],
  [
    { continue_: false, stop_reason: 's' },
    { continue: false, stopReason: 's' },
  ],
  [{ continue: true }, { continue: true }],
  [{ updatedInput: null }, { updatedInput: undefined }],
  [{ updatedInput: null, modifiedArgs: { a: 1 } }, { updatedInput: { a: 1 } }],
  [{ ok: true }, { continue: undefined, updatedInput: undefined, additionalContext: undefined }],
  [{ updatedInput: { a: 1 } }, { updatedInput: { a: 1 } }],
  [{ hookSpecificOutput: { updatedInput: [1] } }, { updatedInput: [1] }],
  [{ hook_specific_output: { updated_input: 'x' } }, { updatedInput: 'x' }],
  [{ modified_input: 0 }, { updatedInput: 0 }],
  [{ modifiedArgs: {} }, { updatedInput: {} }],
  [{ hookSpecificOutput: { tool_input: { b: 2 } } }, { updatedInput: { b: 2 } }],
])('%j is read as %j', (value, expected) => {
  expect(read(value)).toMatchObject(expected);
});

it('a byte order mark before the JSON is nothing', () => {
  expect(read('\uFEFF{"decision":"block"}').decision).toBe('block');
});

it.each([
  [64, 'output'],
  [65, 'malformed'],
  [100_000, 'malformed'],
])('output of depth %i is %s', (depth, kind) => {
  expect(parse(`{"ok":true,"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`).kind).toBe(kind);
});

it('a block stands though a byte of it is broken; anything milder does not', () => {
  const broken = (text: string) => parseOutput(azure, Buffer.from(text, 'latin1'));
  expect(broken('{"decision":"block","reason":"caf\xe9"}')).toMatchObject({
    kind: 'output',
    output: { decision: 'block', reason: 'caf\uFFFD' },
  });
  expect(broken('{"decision":"allow","reason":"caf\xe9"}').kind).toBe('malformed');
  expect(broken('{"decision":"ask","reason":"caf\xe9"}').kind).toBe('malformed');
  expect(broken('{"reason":"caf\xe9"}').kind).toBe('malformed');
  expect(broken('\xff\xfe').kind).toBe('malformed');
});
