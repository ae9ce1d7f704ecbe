import { expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import { eventRules } from '../../../src/protocol/dialect-lookup.ts';
import { combine } from '../../../src/protocol/verdict/combine.ts';
import { ran } from '../../agents/runs.ts';

/** What becomes of the nested outputs of several hooks, by event. */
function extraOf(place: string, key: string, ...outputs: readonly object[]): unknown {
  const [name = '', event = ''] = place.split(' ');
  const results = outputs.map((output) => ran(place, 0, { [key]: output }));
  const dialect = findDialect(name);
  expect(eventRules(dialect, event)).toBeDefined();
  return combine(dialect, { event, results, skipped: [], durationMs: 0 }).extra;
}

const gemini = (...configs: readonly unknown[]) =>
  extraOf(
    'gemini-cli BeforeToolSelection',
    'hookSpecificOutput',
    ...configs.map((toolConfig) => ({ toolConfig })),
  );

it.each<[string, readonly unknown[], object]>([
  [
    'the names of all, sorted',
    [{ mode: 'ANY', allowedFunctionNames: ['b', 'c'] }, { allowedFunctionNames: ['a', 'b'] }],
    { mode: 'ANY', allowedFunctionNames: ['a', 'b', 'c'] },
  ],
  [
    'no tool where one wants none',
    [
      { mode: 'ANY', allowedFunctionNames: ['a'] },
      { mode: 'NONE', allowedFunctionNames: ['b'] },
      { mode: 'AUTO' },
    ],
    { mode: 'NONE', allowedFunctionNames: [] },
  ],
  [
    'AUTO where nobody says more',
    [{ mode: 'AUTO' }, {}],
    { mode: 'AUTO', allowedFunctionNames: [] },
  ],
  [
    'what can be read of what is broken',
    [{ mode: 7, allowedFunctionNames: 'a' }, 5, { allowedFunctionNames: ['a', 1] }],
    { mode: 'AUTO', allowedFunctionNames: ['a'] },
  ],
])('the tools that hooks of Gemini CLI choose are %s', (_, configs, toolConfig) => {
  expect(gemini(...configs)).toEqual({ toolConfig });
});

it.each<[string, readonly object[], object | undefined]>([
  [
    'docker-agent-strict before_compaction',
    [{ summary: '' }, { summary: 'a' }, { summary: 'b' }],
    { summary: 'a' },
  ],
  [
    'docker-agent-strict before_llm_call',
    [{ updated_messages: [1] }, { updated_messages: [] }],
    { updatedMessages: [1] },
  ],
  [
    'docker-agent-strict tool_response_transform',
    [{ updated_tool_response: 'a' }, { updated_tool_response: '' }],
    { updatedToolResponse: '' },
  ],
  [
    'docker-agent-strict permission_request',
    [{ metadata: { a: 1, b: 1 } }, { metadata: { b: 2 } }],
    { metadata: { a: 1, b: 2 } },
  ],
  ['docker-agent-strict tool_guard', [{ metadata: { a: 1 } }, { metadata: 5 }], { metadata: 5 }],
  [
    'docker-agent-strict pre_tool_use',
    [{ summary: 's', updated_messages: [1], metadata: {} }],
    undefined,
  ],
])('of several hooks at %s, %j becomes %j', (place, outputs, expected) => {
  expect(extraOf(place, 'hook_specific_output', ...outputs)).toEqual(expected);
});

it('clearContext of one hook clears it', () => {
  const clear = (...values: readonly boolean[]) =>
    extraOf(
      'gemini-cli AfterAgent',
      'hookSpecificOutput',
      ...values.map((clearContext) => ({ clearContext })),
    );
  expect([clear(true, false), clear(false, false)]).toEqual([
    { clearContext: true },
    { clearContext: false },
  ]);
});

it('a field that an event does not have is told, and refused by a hook that is strict', () => {
  const output = { hook_specific_output: { updated_messages: [1] } };
  expect(ran('docker-agent-strict stop', 0, output).diagnostics).toMatchObject([
    { code: 'output-ignored', message: expect.stringContaining('updatedMessages') },
  ]);
  expect(
    ran('docker-agent-strict tool_guard', 0, output, '', { strictOutput: true }),
  ).toMatchObject({
    decision: 'block',
    cause: { code: 'HOOK_OUTPUT_UNKNOWN' },
  });
});
