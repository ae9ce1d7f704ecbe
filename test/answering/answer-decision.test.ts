import { expect, test } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { answerDecision } from '../../src/answering/answer-decision.ts';
import { combine } from '../../src/protocol/verdict/combine.ts';
import { bytes } from '../protocol/samples.ts';

/** What an agent is told when hooks of another dialect changed the command of a context. */
function told(hooks: string, agent: string, context: object): string {
  const result = {
    hook: 'h',
    tier: 'agent',
    event: 'PreToolUse',
    decision: 'none',
    cause: { kind: 'output' },
    diagnostics: [],
    facts: null,
    durations: { queueMs: 0, leaseMs: 0, runMs: 0, totalMs: 0 },
    updatedInput: { command: 'ls' },
  } as const;
  const event = String(
    Object.keys(findDialect(hooks).events).find((name) => /^pre_?tool_?use$/i.test(name)),
  );
  const decision = combine(findDialect(hooks), {
    event,
    results: [result],
    skipped: [],
    durationMs: 1,
  });
  return answerDecision(agent, decision, bytes(JSON.stringify(context))).stdout;
}

const before = { command: 'rm', cwd: '/' };
const whole = '{"modifiedArgs":{"command":"ls","cwd":"/"}}\n';

test('hooks that change a part of the input find it under the name that the agent has for it', () => {
  expect(told('crush', 'copilot', { toolArgs: before })).toBe(whole);
  expect(told('crush', 'copilot', { toolArgs: JSON.stringify(before) })).toBe(whole);
});

test('or under the name of their own dialect', () => {
  expect(told('docker-agent-strict', 'copilot', { tool_input: before })).toBe(whole);
});

test('a part of an input that is not there cannot be changed, so the tool does not run', () => {
  expect(told('crush', 'claude-code', {})).toMatch(
    /"decision":"block".*Do this with another input/,
  );
  expect(told('crush', 'claude-code', { tool_input: 'ls' })).toMatch(/"decision":"block"/);
});

test('a whole input replaces also one that is not there', () => {
  expect(told('claude-code', 'copilot', {})).toBe('{"modifiedArgs":{"command":"ls"}}\n');
});
