import { expect, it } from 'vitest';
import { dialectNames } from '../../src/agents/registry.ts';
import { answerDecision, answersOfAll } from '../../src/answering/answer-decision.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import { bytes } from '../protocol/samples.ts';

const decision: Decision = {
  v: 1,
  event: 'PreToolUse',
  dialect: 'claude-code',
  decision: 'none',
  updatedInput: { command: 'ls' },
  effectiveInput: { command: 'ls' },
  diagnostics: [],
  results: [],
  skipped: [],
  durationMs: 1,
};
const context = bytes('{"tool_name":"Bash","tool_input":{"command":"rm"}}');

it('a decision is told in the words of every agent, as each alone would get it', () => {
  const answers = answersOfAll(decision, context);
  expect(answers.map(({ dialect }) => dialect)).toEqual(dialectNames);
  for (const { dialect, event: _, known: __, blocks: ___, ...answer } of answers)
    expect(answer).toEqual(answerDecision(dialect, decision, context));
});

it('tells which agents have no such event, and which obey no block at it', () => {
  const answers = answersOfAll({ ...decision, event: 'SessionStart' }, context);
  const of = (name: string) => answers.find(({ dialect }) => dialect === name);
  expect(of('claude-code')).toMatchObject({ event: 'SessionStart', known: true, blocks: false });
  expect(of('azure')).toMatchObject({ event: 'SessionStart', known: false });
});
