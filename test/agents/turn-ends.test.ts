/** What ends a turn, asks a person, or could not run, where the dialects differ. */
import { expect, it } from 'vitest';
import { answerTables, findDialect } from '../../src/agents/registry.ts';
import { findEvent } from '../../src/protocol/dialect-lookup.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { placed, ran } from './runs.ts';

it('exit code 2 of VS Code is a block that ends the turn, with stderr as the reason of both', () => {
  expect(ran('vscode PreToolUse', 2, '', 'policy')).toMatchObject({
    decision: 'block',
    reason: 'policy',
    continue: false,
    stopReason: 'policy',
  });
  const silent = ran('vscode PreToolUse', 2);
  expect(silent).toMatchObject({ decision: 'block', continue: false });
  expect(silent.stopReason).toBeUndefined();
  expect(ran('vscode PreToolUse', 2, { systemMessage: 'm' }, 'policy')).toMatchObject({
    continue: false,
    stopReason: 'policy',
  });
});

it.each([
  'claude-code Stop',
  'claude-code-2025 SubagentStop',
  'codex Stop',
  'gemini-cli AfterAgent',
])('at %s continue: false beats a block beside it', (place) => {
  const output = { continue: false, stopReason: 'enough', decision: 'block', reason: 'no' };
  expect(ran(place, 0, output)).toMatchObject({
    decision: 'none',
    continue: false,
    stopReason: 'enough',
  });
});

it.each(['qwen-code Stop', 'openhands Stop'])(
  'at %s continue: false keeps the agent going',
  (place) => {
    expect(ran(place, 0, { continue: false, stopReason: 'go on' }).decision).toBe('block');
  },
);

it('every event whose block keeps an agent going is an end of a turn, so that it has a limit', () => {
  const endless = answerTables.flatMap(({ name, events }) =>
    Object.entries(events).flatMap(([event, { kind, blocks }]) => {
      const rules = findDialect(name).events[event];
      const isEndless = kind === 'stop' && blocks && rules !== undefined && !rules.endsTurn;
      return isEndless ? [`${name} ${event}`] : [];
    }),
  );
  expect(endless).toEqual([]);
});

it.each([
  [{ review: true }, 'ask'],
  [{ review: false }, 'none'],
  [{ review: true, cancel: true }, 'block'],
  [{ review: 'yes' }, 'none'],
])('the review %j of Cline is %s', (output, decision) => {
  expect(ran('cline PreToolUse', 0, output).decision).toBe(decision);
});

it('nobody can be asked about a prompt of Cline, so that a review of it blocks', () => {
  expect(ran('cline UserPromptSubmit', 0, { review: true }).decision).toBe('block');
});

it.each([
  ['docker-agent-gen2 pre_tool_use', 'CREATE_FAILED', 'block'],
  ['docker-agent-gen2 pre_tool_use', 'DEADLINE', 'block'],
  ['docker-agent-gen2 post_tool_use', 'CREATE_FAILED', 'none'],
  ['docker-agent pre_tool_use', 'CREATE_FAILED', 'none'],
  ['copilot preToolUse', 'CREATE_FAILED', 'block'],
  ['copilot preToolUse', 'DEADLINE', 'none'],
] as const)('a hook at %s that could not run for %s counts as %s', (place, code, decision) => {
  const { dialect, hook } = placed(place);
  expect(decide(dialect, hook, { code, message: 'm' }).decision).toBe(decision);
});

it('a cancelled hook of the second edition of Docker Agent closes, one that a signal ended does not', () => {
  const { dialect, hook } = placed('docker-agent-gen2 pre_tool_use');
  expect(decide(dialect, hook, emptyRun('cancelled')).decision).toBe('block');
  expect(decide(dialect, hook, emptyRun('signaled')).decision).toBe('none');
});

it.each([
  ['UserPromptSubmit', 'userPromptSubmitted'],
  ['Stop', 'agentStop'],
  ['PreToolUse', 'preToolUse'],
])('Copilot calls %s also %s', (name, event) => {
  expect(findEvent(findDialect('copilot'), name)).toBe(event);
});

it.each([
  ['codex PreToolUse', 'allow', 'ask'],
  ['codex PreToolUse', 'block', 'ask'],
  ['claude-code PreToolUse', 'allow', 'ask'],
  ['claude-code PreToolUse', 'block', 'block'],
  ['docker-agent-strict pre_tool_use', 'block', 'block'],
] as const)('an ask that %s would refuse is, with failMode %s, %s', (place, failMode, decision) => {
  expect(
    ran(place, 0, { decision: 'ask', reason: 'r' }, '', { failMode, failModeIsDefault: undefined })
      .decision,
  ).toBe(decision);
});
