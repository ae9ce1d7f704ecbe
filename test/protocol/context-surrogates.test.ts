/** Contexts with half a character: agents cut texts inside an emoji. */
import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { claudeCode } from '../../src/agents/claude-code/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseContext } from '../../src/protocol/context.ts';
import { pipeContext } from '../../src/protocol/verdict/combine-rewrites.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from './samples.ts';

function parse(text: string) {
  return parseContext(azure, { bytes: bytes(text) });
}

it('the scripts read U+FFFD for half a character, and the context notes it', () => {
  const sent =
    '{"hook_event_name":"Stop","n":1e400,"x":"\\ud83d","y":"\\udc00","z":"\\ud83d\\ude00"}';
  const { content, diagnostics } = parse(sent);
  expect(new TextDecoder().decode(content.bytes)).toBe(
    '{"hook_event_name":"Stop","n":1e400,"x":"\\ufffd","y":"\\ufffd","z":"\\ud83d\\ude00"}',
  );
  expect(diagnostics).toEqual([
    {
      code: 'context-surrogate',
      message: 'Escapes of half a character in the context: 2. The scripts read U+FFFD there.',
    },
  ]);
});

it('conditions see what the scripts read', () => {
  const sent =
    '{"hook_event_name":"PreToolUse","tool_name":"B","tool_input":{"command":"a\\ud83d"}}';
  expect(parse(sent).tool?.toolInput).toEqual({ command: 'a\ufffd' });
});

it('a context in which nothing is replaced keeps its bytes, without a note', () => {
  const sent = bytes('{"hook_event_name":"Stop","x":"\\ud83d\\ude00"}');
  const { content, diagnostics } = parseContext(azure, { bytes: sent });
  expect(content.bytes).toBe(sent);
  expect(diagnostics).toEqual([]);
});

it('the decision carries the note', async () => {
  const context = bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash","x":"\\ud83d"}');
  const hooks = [sampleHook()];
  const decision = await evaluate({ dialect: claudeCode, hooks, context }, async ({ hook }) =>
    decide(claudeCode, hook, exited(0)),
  );
  expect(decision.diagnostics.map(({ code }) => code)).toEqual(['context-surrogate']);
});

it('half a character in a rewrite is U+FFFD for the next hook of a pipe', () => {
  const context = bytes('{"hook_event_name":"PreToolUse","tool_name":"B","tool_input":{}}');
  const result = { event: 'PreToolUse', updatedInput: { command: 'a\ud83d' } };
  expect(new TextDecoder().decode(pipeContext(claudeCode, context, result))).toBe(
    '{"hook_event_name":"PreToolUse","tool_name":"B","tool_input":{"command":"a\\ufffd"}}',
  );
});
