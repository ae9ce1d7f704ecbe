/**
 * What was measured with the agents themselves (Claude Code 2.1.332, Codex 0.171.0, Gemini CLI
 * 0.61.0, Copilot CLI 1.0.102, Qwen Code 0.24.4): one describe for each finding, from what a hook
 * printed to what its agent reads.
 */
import { describe, expect, it } from 'vitest';
import { answersTo } from '../../src/agents/registry.ts';
import { answerDecision } from '../../src/answering/answer-decision.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { combine } from '../../src/protocol/verdict/combine.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { closed, placed } from '../agents/runs.ts';
import { conversation } from '../dispatch/conversations.ts';
import { TestCounters } from '../dispatch/memory-counters.ts';
import { read } from '../files/agents/reading.ts';
import { bytes, exited } from '../protocol/samples.ts';
import { readers } from './readers.ts';

/** `[exit code, stdout, stderr]`; objects are printed as JSON. */
type Printed = readonly [exitCode: number, stdout?: unknown, stderr?: string];

/** What a hook of `dialect event` that printed this comes to, and how the agent reads the answer. */
function told(place: string, [exitCode, stdout = '', stderr = '']: Printed, over = {}) {
  const [agent = '', event = ''] = place.split(' ');
  const { dialect, hook } = placed(place, over);
  const text = typeof stdout === 'string' ? stdout : JSON.stringify(stdout);
  const result = decide(dialect, hook, exited(exitCode, text, stderr));
  const decision = combine(dialect, { event, results: [result], skipped: [], durationMs: 1 });
  const answer = answerDecision(agent, decision, bytes('{}'));
  return { decision, answer, read: readers[agent]?.(event, answer) };
}

const json = (value: object) => ({ stdout: `${JSON.stringify(value)}\n`, stderr: '', exitCode: 0 });
const inOutput = (event: string, fields: object) => ({
  hookSpecificOutput: { hookEventName: event, ...fields },
});

/** The hook of a file as its agent writes it: one command that exits with 1, and `more`. */
function hookOfFile(place: string, more: object, hint: object = {}): Partial<Hook> {
  const [dialect = '', event = ''] = place.split(' ');
  const entry = { type: 'command', command: 'exit 1', ...more };
  const file = { hooks: { [event]: [{ matcher: '*', hooks: [entry] }] } };
  const { hooks } = parseHooksFile('hooks.json', JSON.stringify(file), { dialect, ...hint });
  return hooks[0]?.hook ?? {};
}

const beforeTools = [
  'claude-code PreToolUse',
  'codex PreToolUse',
  'gemini-cli BeforeTool',
  'qwen-code PreToolUse',
];

describe('F1: a no that is not the whole output of a hook with failMode block', () => {
  const no = (event: string) =>
    JSON.stringify({
      ...inOutput(event, { permissionDecision: 'deny', permissionDecisionReason: 'policy' }),
      decision: 'block',
      reason: 'policy',
    });
  const printed: Record<string, (event: string) => Printed> = {
    'a line before it': (event) => [0, `checking...\n${no(event)}\n`],
    'a list around it': (event) => [0, `[${no(event)}]`],
    'a string around it': (event) => [0, JSON.stringify(no(event))],
    'on stderr': (event) => [0, '', no(event)],
  };
  const all = beforeTools.flatMap((place) => Object.keys(printed).map((how) => [place, how]));

  it.each(all)('blocks at %s: %s', (place = '', how = '') => {
    const seen = told(place, printed[how]?.(String(place.split(' ')[1])) ?? [0], closed);
    expect(seen).toMatchObject({ decision: { decision: 'block' }, read: 'block' });
  });
});

describe('F2: a hook with failMode block that fails at the end of a turn', () => {
  it.each([
    ['codex', 'Stop'],
    ['gemini-cli', 'AfterAgent'],
    ['claude-code', 'Stop'],
    ['copilot', 'agentStop'],
  ])('lets %s end its turn after 8 answers', async (dialect, stop) => {
    const event = conversation(new TestCounters(), stop, [{ failMode: 'block' }]);
    const seen: unknown[] = [];
    for (let turn = 0; turn < 9; turn++) {
      const { decision } = await event({ dialect, codes: { h0: -1 } });
      seen.push(readers[dialect]?.(stop, answerDecision(dialect, decision, bytes('{}'))));
    }
    expect(seen).toEqual([...Array(8).fill('block'), 'silent']);
  });
});

describe('F3: continue: false beside a block at the end of a turn', () => {
  const both: Printed = [
    0,
    { continue: false, decision: 'block', reason: 'more', stopReason: 's' },
  ];

  it.each(['claude-code Stop', 'codex Stop', 'gemini-cli AfterAgent'])('ends it: %s', (place) => {
    const seen = told(place, both);
    expect(seen).toMatchObject({ decision: { decision: 'none', continue: false } });
    expect(seen.answer.stdout).not.toContain('block');
    expect(seen.read).toBe('silent');
  });
});

describe('F4: exit code 2 after a tool of Codex', () => {
  it('withholds the output of the tool, which additionalContext would leave beside it', () => {
    const { decision, answer } = told('codex PostToolUse', [2, '', 'holds a secret\n']);
    expect(decision).toMatchObject({ decision: 'block', reason: 'holds a secret' });
    expect(decision.additionalContext).toBeUndefined();
    expect(answer).toEqual(json({ decision: 'block', reason: 'holds a secret' }));
  });
});

describe('F5: Copilot', () => {
  const block: Printed = [0, { decision: 'block', reason: 'R' }];
  const context: Printed = [0, { additionalContext: 'the context' }];

  it.each(['userPromptSubmitted', 'postToolUse', 'agentStop'])('obeys a block at %s', (event) => {
    const { decision, answer, read: seen } = told(`copilot ${event}`, block);
    expect(decision).toMatchObject({ decision: 'block', reason: 'R', diagnostics: [] });
    expect(answer).toEqual(json({ decision: 'block', reason: 'R' }));
    expect(seen).toBe('block');
    expect(answersTo('copilot', event).answers.blocks).toBe(true);
  });

  it.each(['preToolUse', 'userPromptSubmitted', 'postToolUse', 'sessionStart'])(
    'takes a context at %s',
    (event) => {
      const { decision, answer } = told(`copilot ${event}`, context);
      expect(decision).toMatchObject({ decision: 'none', additionalContext: 'the context' });
      expect(answer).toEqual(json({ additionalContext: 'the context' }));
    },
  );

  it('is told the reason of an exit code 2 in JSON, because it never shows stderr', () => {
    const { decision, answer } = told('copilot preToolUse', [2, '', 'no pushes\n']);
    expect(decision.decision).toBe('block');
    expect(answer).toEqual(
      json({ permissionDecision: 'deny', permissionDecisionReason: 'no pushes' }),
    );
  });

  it.each([1, 127])('is denied a tool when the hook exits with %i', (exitCode) => {
    expect(told('copilot preToolUse', [exitCode]).read).toBe('block');
  });
});

describe('F6: the failMode of a hook in a file of an agent', () => {
  const places = ['codex PreToolUse', 'gemini-cli BeforeTool'];

  it.each(places)('is allow where nobody says it: %s', (place) => {
    expect(told(place, [1], hookOfFile(place, {})).read).toBe('silent');
  });

  it.each(places)('is written on the hook: %s', (place) => {
    expect(told(place, [1], hookOfFile(place, { failMode: 'block' })).read).toBe('block');
  });

  it.each(places)('comes with the file: %s', (place) => {
    expect(told(place, [1], hookOfFile(place, {}, { failMode: 'block' })).read).toBe('block');
  });
});

describe('F7: a file whose line was changed to the bridge before it was sent', () => {
  it.each(beforeTools)('is refused: %s', (place) => {
    const command = `hookpool hook --dialect ${place.split(' ')[0]} --hookset guard`;
    expect(() => hookOfFile(place, { command })).toThrow(/This is the bridge itself/);
  });
});

describe('F8: a guard that needs what a sandbox does not have', () => {
  it.each([
    ['gh', 'b=$(gh pr view || echo none)\n', 'gh is not in the sandbox'],
    ['a counter', 'f=/tmp/n; n=$(cat "$f")\necho 1 > "$f"\n', 'reads /tmp/n of an earlier run'],
    [
      'the file of a tool',
      'p=$(jq -r .tool_input.file_path)\ngrep x "$p"\n',
      'what file_path names',
    ],
  ])('is told before it runs: %s', (_, lines, warning) => {
    const group = { matcher: '*', hooks: [{ type: 'command', command: 'bash g.sh' }] };
    const files = { 'g.sh': `#!/bin/bash\n${lines}` };
    const { problems, warnings } = read(
      'h.json',
      { hooks: { PreToolUse: [group] } },
      'codex',
      files,
    );
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });
});

describe('F10: a context before a tool', () => {
  const context = (event: string): Printed => [0, inOutput(event, { additionalContext: 'look' })];

  it('is dropped by Gemini CLI, so it is a message to the user there', () => {
    const { decision, answer } = told('gemini-cli BeforeTool', context('BeforeTool'));
    expect(decision.additionalContext).toBe('look');
    expect(answer).toEqual(json({ systemMessage: 'hookpool: look' }));
  });

  it.each(['claude-code', 'codex'])('arrives in %s', (agent) => {
    const { answer } = told(`${agent} PreToolUse`, context('PreToolUse'));
    expect(answer).toEqual(json(inOutput('PreToolUse', { additionalContext: 'look' })));
  });

  it('comes with the reason of a block, which Gemini CLI does read', () => {
    const both = {
      decision: 'block',
      reason: 'no',
      ...inOutput('BeforeTool', { additionalContext: 'look' }),
    };
    const { answer } = told('gemini-cli BeforeTool', [0, both]);
    expect(answer).toEqual(json({ decision: 'block', reason: 'no\n\nlook' }));
  });
});

describe('F11: an exit code from 3 on with a text, under a written failMode: allow', () => {
  const open = () => hookOfFile('gemini-cli BeforeTool', { failMode: 'allow' });

  it.each([3, 127])('%i is a block in Gemini CLI, as it is there', (exitCode) => {
    expect(open()).toMatchObject({ failMode: 'allow' });
    const seen = told('gemini-cli BeforeTool', [exitCode, '', 'x: command not found'], open());
    expect(seen).toMatchObject({
      decision: { decision: 'block', cause: { kind: 'fail-mode', code: 'HOOK_EXIT_CODE' } },
      read: 'block',
    });
  });

  it('without a text, and 1 with one, lets the tool run', () => {
    for (const printed of [[3], [1, '', 'warning']] as const)
      expect(told('gemini-cli BeforeTool', printed, open()).read).toBe('silent');
  });

  it.each(['claude-code PreToolUse', 'codex PreToolUse'])('lets the tool run: %s', (place) => {
    const open = { failMode: 'allow', failModeIsDefault: undefined };
    expect(told(place, [127, '', 'x: command not found'], open).read).toBe('silent');
  });
});
