/** Answers in the body of an HTTP answer: no exit code and no stderr say anything there. */
import { describe, expect, test } from 'vitest';
import { answerTables } from '../../src/agents/registry.ts';
import { answerFor } from '../../src/answering/answer-for.ts';
import { bodyBlock } from '../../src/answering/body-block.ts';
import { undecidedAnswer } from '../../src/answering/undecided.ts';
import { readers } from './readers.ts';

const tables = answerTables.filter(({ overHttp }) => overHttp === true);

test('the agents that send http hooks have it', () => {
  expect(tables.map(({ name }) => name)).toEqual([
    'generic',
    'claude-code',
    'claude-code-2025',
    'copilot',
    'qwen-code',
  ]);
});

describe.each(tables)('$name', ({ name, events, unknown }) => {
  const rows = [...Object.entries(events), ['NewEvent', unknown] as const];

  test('every block is a JSON object with its reason, exit code 0 and no stderr', () => {
    for (const [event] of rows) {
      const answer = answerFor(name, event, { decision: 'block', reason: 'because' }, 'http');
      expect(answer, event).toMatchObject({ exitCode: 0, stderr: '' });
      expect(JSON.stringify(JSON.parse(answer.stdout)), event).toContain('because');
    }
  });

  test('the agent reads it as a block wherever it can be blocked', () => {
    for (const [event, { blocks, kind }] of rows) {
      if (!blocks || kind === 'stop' || event === 'NewEvent') continue;
      const answer = answerFor(name, event, { decision: 'block', reason: 'no' }, 'http');
      expect(readers[name]?.(event, answer), event).toBe('block');
    }
  });

  test('a block without the name of the event is one at every event before an action', () => {
    const asked = { dialect: name, event: undefined, failMode: undefined };
    const answer = undecidedAnswer(asked, Buffer.from(''), 'no token', 'http');
    for (const [event, { kind, blocks }] of Object.entries(events)) {
      if (blocks && (kind === 'pre-tool' || kind === 'prompt'))
        expect(readers[name]?.(event, answer), event).toBe('block');
      // The person is asked at least: an answer that cannot be read would be none.
      if (kind === 'permission') expect(readers[name]?.(event, answer), event).not.toBe('open');
    }
  });

  test('an ask and a silent answer are those of a command', () => {
    for (const [event, { ask }] of rows) {
      const silent = answerFor(name, event, { decision: 'none' }, 'http');
      expect(silent).toEqual({ stdout: '', stderr: '', exitCode: 0 });
      if (ask === undefined) continue;
      const told = { decision: 'ask', reason: 'sure?' } as const;
      expect(answerFor(name, event, told, 'http')).toEqual(answerFor(name, event, told));
    }
  });
});

test('a failure of a hook is a message where the agent has one, and else is dropped', () => {
  const told = { decision: 'none', failures: ['git was not found'] } as const;
  expect(answerFor('claude-code', 'PreToolUse', told, 'http').stdout).toBe(
    '{"systemMessage":"hookpool: git was not found"}\n',
  );
  expect(answerFor('copilot', 'preToolUse', told, 'http')).toEqual({
    stdout: '',
    stderr: '',
    exitCode: 0,
  });
});

test.each([
  ['copilot', 'permissionRequest', '{"behavior":"deny","message":"no"}'],
  [
    'claude-code',
    'PreCompact',
    '{"decision":"block","reason":"no","continue":false,"stopReason":"no"}',
  ],
  ['claude-code', 'TaskCompleted', '{"decision":"block","reason":"no"}'],
  ['claude-code', 'Notification', '{"systemMessage":"no"}'],
  ['copilot', 'notification', '{"decision":"block","reason":"no"}'],
  ['generic', 'Stop', '{"decision":"block","reason":"no"}'],
  [
    'copilot',
    '',
    '{"decision":"block","reason":"no","permissionDecision":"deny","permissionDecisionReason":"no","behavior":"deny","message":"no"}',
  ],
])('a block of %s at %s is %s', (dialect, event, body) => {
  const told = { decision: 'block', reason: 'no' } as const;
  expect(answerFor(dialect, event, told, 'http').stdout).toBe(`${body}\n`);
});

test('the words of a table come first', () => {
  const block = { exitCode: 2, stdout: { a: '$reason' } };
  expect(bodyBlock({ kind: 'prompt', blocks: true, block })).toEqual({ stdout: { a: '$reason' } });
});

test.each([
  [undefined, '{"hook_event_name":"PreToolUse"}', /"decision":"block".*no set\. Without one/],
  [undefined, '{"hook_event_name":"Stop"}', /^\{"systemMessage":".*goes on without one/],
  ['block', '{"hook_event_name":"Stop"}', /"decision":"block"/],
  ['ask', '{"hook_event_name":"PreToolUse"}', /"permissionDecision":"ask".*A person decides/],
  ['ask', '{"hook_event_name":"Stop"}', /"decision":"block".*A person decides/],
  ['allow', '{"hook_event_name":"PreToolUse"}', /^\{"systemMessage"/],
  [undefined, 'no JSON', /"decision":"block".*"continue":false/],
  [undefined, '[]', /"decision":"block".*"continue":false/],
] as const)('without a decision and failMode %s, %s is answered', (failMode, context, body) => {
  const asked = { dialect: 'claude-code', event: undefined, failMode };
  const { stdout } = undecidedAnswer(asked, Buffer.from(context), 'no set', 'http');
  expect(stdout).toMatch(body);
});

test('a long cause is cut', () => {
  const asked = { dialect: 'copilot', event: 'preToolUse', failMode: 'block' } as const;
  const { stdout } = undecidedAnswer(asked, Buffer.from(''), 'x'.repeat(3_000), 'http');
  expect(JSON.parse(stdout).permissionDecisionReason).toMatch(/: x{2000}… Without one/);
});
