import { describe, expect, test } from 'vitest';
import { answerTable, dialects } from '../../../src/agents/registry.ts';
import { blockAnyAgent, fallback } from '../../../src/cli/hook/fallback.ts';
import { readers } from '../../answering/readers.ts';

const context = (text: string) => Buffer.from(text);
const say = (
  dialect: string,
  text: string,
  more: { event?: string; failMode?: 'allow' | 'block' } = {},
) =>
  fallback(
    { dialect, event: more.event, failMode: more.failMode },
    context(text),
    'nobody is there',
  );

test.each(dialects)(
  'every event of $name gets what fits it, under each key that names it',
  ({ name, eventKeys }) => {
    for (const [event, { kind, blocks }] of Object.entries(answerTable(name).events)) {
      for (const key of eventKeys) {
        const answer = say(name, JSON.stringify({ [key]: event }));
        const open = kind === 'stop' || kind === 'notice';
        const read = readers[name]?.(event, answer);
        expect(answer.stdout + answer.stderr, event).toContain(
          open ? 'goes on without one.' : 'Without one it is blocked.',
        );
        if (open || blocks) expect(read, event).toBe(open ? 'silent' : 'block');
      }
    }
  },
);

test.each(['Is it running there?', 'There is no set.', 'no set'])('"%s" ends once', (why) => {
  const { stderr } = fallback(
    { dialect: 'windsurf', event: 'pre_run_command', failMode: 'block' },
    context('{}'),
    why,
  );
  const sentence = why === 'no set' ? 'no set.' : why;
  expect(stderr).toContain(`no decision: ${sentence} Without one it is blocked.`);
});

describe('without a decision', () => {
  test.each([
    ['claude-code', '{"hook_event_name":"PreToolUse"}', 'block'],
    ['claude-code', '{"hook_event_name":"UserPromptSubmit"}', 'block'],
    ['claude-code', '{"hook_event_name":"PostToolUse"}', 'block'],
    ['claude-code', '{"hook_event_name":"PermissionRequest"}', 'deny'],
    ['vscode', '{"hookEventName":"PreToolUse"}', 'deny'],
    ['agentpool', '{"event":"pre_tool_use"}', 'deny'],
    ['openhands', '{"event_type":"PreToolUse"}', 'deny'],
    ['cline', '{"hookName":"PreToolUse"}', 'cancel'],
  ])('%s is blocked on %s', (dialect, text, word) => {
    const { stdout, exitCode } = say(dialect, text);
    expect(stdout).toContain(word);
    expect(stdout).toContain(
      'hookpool has no decision: nobody is there. Without one it is blocked.',
    );
    expect(exitCode).toBe(0);
  });

  test('exit codes are used where the agent has nothing else', () => {
    expect(say('windsurf', '{"agent_action_name":"pre_run_command"}')).toMatchObject({
      stdout: '',
      exitCode: 2,
    });
  });

  test.each([
    ['codex', '{"hook_event_name":"Stop"}'],
    ['claude-code', '{"hook_event_name":"SessionStart"}'],
    ['openhands', '{"event_type":"Stop"}'],
  ])('%s goes on after %s, and says so', (dialect, text) => {
    const { stdout, stderr, exitCode } = say(dialect, text);
    expect(exitCode).toBe(0);
    expect(stdout + stderr).toContain('The agent goes on without one.');
    expect(stdout).not.toContain('"decision"');
  });

  test('the fail mode that is asked for is used on every event', () => {
    expect(say('codex', '{"hook_event_name":"Stop"}', { failMode: 'block' }).stdout).toContain(
      '"decision":"block"',
    );
    expect(
      say('codex', '{"hook_event_name":"PreToolUse"}', { failMode: 'allow' }).stdout,
    ).not.toContain('"decision"');
  });

  test('the event of the command line counts, not the one of the context', () => {
    expect(say('codex', '{"hook_event_name":"Stop"}', { event: 'PreToolUse' }).stdout).toContain(
      '"decision":"block"',
    );
  });

  test.each([
    '',
    'x',
    '[]',
    'null',
    '{}',
    '{"hook_event_name":1}',
    '{"tool_input":{"hook_event_name":"Stop"}}',
  ])('a context that names no event is a gate: %s', (text) => {
    expect(say('codex', text)).toMatchObject({ exitCode: 2, stdout: '' });
    expect(say('cline', text).stdout).toContain('"cancel":true');
  });

  test('a dialect that is not known is blocked in the way that all have in common', () => {
    const { stdout, stderr, exitCode } = say('clippy', '{}');
    expect([stdout, exitCode]).toEqual(['', 2]);
    expect(stderr).toMatch(/^hookpool hook: There is no dialect "clippy".*nobody is there/);
    expect(blockAnyAgent('why')).toEqual({
      stdout: '',
      stderr: 'hookpool hook: why\n',
      exitCode: 2,
    });
  });
});
