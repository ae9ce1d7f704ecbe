/** The context that a hook of a pipe hands to the next one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects, findDialect } from '../../../src/agents/registry.ts';
import type { HookResult } from '../../../src/protocol/decision.ts';
import { isJsonObject } from '../../../src/protocol/json.ts';
import { handsOn, pipeContext } from '../../../src/protocol/verdict/combine-rewrites.ts';
import { cpuMs } from '../../support/cost.ts';
import { bytes } from '../samples.ts';
import { result } from './rewrite-result.ts';

const eventOf = (name: string) => (name === 'docker-agent-strict' ? 'pre_tool_use' : 'PreToolUse');

describe('the context of the next hook', () => {
  it.each([
    ['crush', { cmd: 'a' }, true],
    ['crush', undefined, false],
    ['openhands', { cmd: 'a' }, false],
    ['docker-agent-strict', { cmd: 'a' }, true],
    ['docker-agent-strict', undefined, false],
  ])('of %s is another one after %j: %s', (name, patch, isOther) => {
    const dialect = findDialect(name);
    const before = bytes('{"tool_input":{"cmd":"b"}}');
    const given = result(patch, 'none', { event: eventOf(name) });
    expect([handsOn(dialect, given), pipeContext(dialect, before, given) !== before]).toEqual([
      isOther,
      isOther,
    ]);
  });

  const context = '{"tool_input" : {"cmd":"rm", "n": 9007199254740993,"cwd":"."} , "big":1e400}';
  const piped = (name: string, patch: unknown, text = context) =>
    Buffer.from(
      pipeContext(findDialect(name), bytes(text), result(patch, 'none', { event: eventOf(name) })),
    ).toString();

  it.each([
    [
      'docker-agent-strict',
      { cmd: 'ls' },
      '{"tool_input" : {"cmd":"ls", "n": 9007199254740993,"cwd":"."} , "big":1e400}',
    ],
    ['docker-agent-strict', {}, context],
    ['docker-agent-strict', undefined, context],
    ['claude-code', { cmd: 'ls' }, '{"tool_input" : {"cmd":"ls"} , "big":1e400}'],
    ['azure', { cmd: 'ls' }, context],
  ])('under %s with %j keeps every other byte', (name, patch, expected) => {
    expect(piped(name, patch)).toBe(expected);
  });

  it('has the rewrite also where there was no input', () => {
    expect(JSON.parse(piped('docker-agent-strict', { cmd: 'ls' }, '{}'))).toEqual({
      tool_input: { cmd: 'ls' },
    });
    expect(JSON.parse(piped('docker-agent-strict', [1]))).toHaveProperty('tool_input', [1]);
  });

  it.each<[string, string, Partial<HookResult>, object, object]>([
    [
      'docker-agent-strict',
      'before_llm_call',
      { extra: { updatedMessages: [{ content: 'b' }] } },
      { messages: [1] },
      { messages: [{ content: 'b' }] },
    ],
    [
      'docker-agent-strict',
      'before_llm_call',
      { extra: { updatedMessages: [] } },
      { messages: [1] },
      { messages: [1] },
    ],
    [
      'docker-agent-strict',
      'tool_response_transform',
      { extra: { updatedToolResponse: '' } },
      { tool_response: 'a' },
      { tool_response: '' },
    ],
    [
      'docker-agent-strict',
      'tool_response_transform',
      { extra: { updatedToolResponse: null } },
      { tool_response: 'a' },
      { tool_response: 'a' },
    ],
    [
      'docker-agent-strict',
      'tool_response_transform',
      { updatedInput: { a: 1 } },
      { tool_input: {} },
      { tool_input: {} },
    ],
    [
      'gemini-cli',
      'BeforeTool',
      { updatedInput: { a: 2 } },
      { tool_input: { a: 1, b: 1 } },
      { tool_input: { a: 2, b: 1 } },
    ],
    [
      'gemini-cli',
      'BeforeModel',
      { extra: { llmRequest: { m: 2 } } },
      { llm_request: { m: 1, k: 1 } },
      { llm_request: { m: 2, k: 1 } },
    ],
    [
      'gemini-cli',
      'BeforeAgent',
      { additionalContext: 'more' },
      { prompt: 'do' },
      { prompt: 'do\n\nmore' },
    ],
    ['gemini-cli', 'BeforeAgent', { additionalContext: 'more' }, { prompt: 5 }, { prompt: 5 }],
    ['gemini-cli', 'BeforeAgent', { additionalContext: 'more' }, {}, {}],
    [
      'cline',
      'PreToolUse',
      { updatedInput: { a: 1 } },
      { preToolUse: { parameters: {} } },
      { preToolUse: { parameters: { a: 1 } } },
    ],
    [
      'cline',
      'PreToolUse',
      { updatedInput: { a: 1 } },
      { preToolUse: 5 },
      { preToolUse: 5, tool_input: { a: 1 } },
    ],
    [
      'copilot',
      'preToolUse',
      { updatedInput: { a: 1 } },
      { tool_input: {} },
      { tool_input: { a: 1 } },
    ],
    [
      'copilot',
      'preToolUse',
      { updatedInput: { a: 1 } },
      { toolArgs: '{}' },
      { toolArgs: { a: 1 } },
    ],
  ])('of %s %s with %j and %j is %j', (name, event, over, before, after) => {
    const next = pipeContext(
      findDialect(name),
      bytes(JSON.stringify(before)),
      result(undefined, 'none', { event, ...over }),
    );
    expect(JSON.parse(Buffer.from(next).toString())).toEqual(after);
  });

  it('takes thousands of members in one pass', { timeout: 30_000 }, () => {
    const patch = (keys: number) =>
      Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, index]));
    const before = bytes(
      JSON.stringify({ tool_input: { ...patch(500), text: 'x'.repeat(100_000) } }),
    );
    const said = (keys: number) => result(patch(keys), 'none', { event: 'BeforeTool' });
    const cost = (keys: number) =>
      cpuMs(() => pipeContext(findDialect('gemini-cli'), before, said(keys)));
    expect(cost(20_000)).toBeLessThan(3 * cost(10_000) + 60);
    expect(
      JSON.parse(
        Buffer.from(pipeContext(findDialect('gemini-cli'), before, said(20_000))).toString(),
      ),
    ).toEqual({
      tool_input: { ...patch(20_000), text: 'x'.repeat(100_000) },
    });
  });

  it('of sixteen hooks costs sixteen times that of one', { timeout: 30_000 }, () => {
    const context = bytes(
      JSON.stringify({
        list: Array.from({ length: 100_000 }, () => ({})),
        tool_input: { cmd: 'rm' },
      }),
    );
    const piped = (hooks: number) => {
      let next: Uint8Array = context;
      for (let hook = 0; hook < hooks; hook++) {
        next = pipeContext(
          findDialect('crush'),
          next,
          result({ [`k${hook}`]: 'x'.repeat(10_000) }),
        );
      }
      return next;
    };
    expect(cpuMs(() => piped(16), 3)).toBeLessThan(16 * 3 * cpuMs(() => piped(1), 3) + 20);
    expect(Object.keys(JSON.parse(Buffer.from(piped(16)).toString()).tool_input)).toHaveLength(17);
  });

  it('has a member that is called __proto__ like any other', () => {
    const next = piped('docker-agent-strict', JSON.parse('{"__proto__":{"cmd":"ls"}}'));
    expect(next).toBe(
      '{"tool_input" : {"cmd":"rm", "n": 9007199254740993,"cwd":".","__proto__":{"cmd":"ls"}} , "big":1e400}',
    );
  });

  it('is always an object that can be read, whatever the context is and the hook says', () => {
    const member = fc.constantFrom(
      'tool_input',
      'toolArgs',
      'preToolUse',
      'prompt',
      'messages',
      'llm_request',
      'tool_response',
    );
    const context = fc.dictionary(member, fc.jsonValue());
    const said = fc.record({
      updatedInput: fc.jsonValue(),
      additionalContext: fc.string(),
      extra: fc.dictionary(fc.constantFrom('updatedMessages', 'llmRequest'), fc.jsonValue()),
    });
    fc.assert(
      fc.property(fc.constantFrom(...dialects), context, said, (dialect, before, over) => {
        for (const event of Object.keys(dialect.events)) {
          const next = pipeContext(
            dialect,
            bytes(JSON.stringify(before)),
            result(undefined, 'none', { event, ...over }),
          );
          expect(isJsonObject(JSON.parse(Buffer.from(next).toString()))).toBe(true);
        }
      }),
      { seed: 20_261_121, numRuns: 200 },
    );
  });
});
