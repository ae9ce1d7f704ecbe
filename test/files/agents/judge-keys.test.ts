/** How the files of agents spell prompt and agent hooks. */
import { describe, expect, it } from 'vitest';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { readsTranscript } from '../../../src/protocol/transcript-use.ts';

const hookOf = (file: object, hint: object) =>
  parseHooksFile('f.json', JSON.stringify(file), hint).hooks[0]?.hook;
const grouped = (event: string, hook: object) => ({ hooks: { [event]: [{ hooks: [hook] }] } });
const agents = (event: string, item: object) => ({ agents: { a: { hooks: { [event]: [item] } } } });
const prompt = { type: 'prompt', prompt: 'p' };
const agent = { type: 'agent', prompt: 'p' };
const model = { type: 'model', model: 'm', prompt: 'p', schema: 'pre_tool_use_decision' };

describe('a judge of', () => {
  it.each([
    [
      'Claude Code goes on after a block where the file says so',
      { dialect: 'claude-code' },
      grouped('PreToolUse', { ...prompt, continueOnBlock: true }),
      { action: { kind: 'prompt', continueOnBlock: true }, timeoutMs: 30_000 },
    ],
    [
      'Claude Code has 60 s for its turns',
      { dialect: 'claude-code' },
      grouped('PreToolUse', agent),
      { action: { kind: 'agent' }, timeoutMs: 60_000 },
    ],
    [
      'Qwen Code has seconds, and turns',
      { dialect: 'qwen-code' },
      grouped('PreToolUse', { ...agent, timeout: 90, maxTurns: 4 }),
      { action: { kind: 'agent', maxTurns: 4 }, timeoutMs: 90_000 },
    ],
    [
      'Qwen Code is no command, which has milliseconds',
      { dialect: 'qwen-code' },
      grouped('PreToolUse', { command: 'exit 0', timeout: 1_500 }),
      { action: { kind: 'command' }, timeoutMs: 1_500 },
    ],
    [
      'OpenHands has tools under names of ours',
      { dialect: 'openhands' },
      grouped('PreToolUse', {
        ...agent,
        tools: ['BashTool', 'GlobTool', 'FinishTool', 'GrepTool'],
      }),
      { action: { kind: 'agent', tools: ['Bash', 'ReadFile', 'GrepSearch'] } },
    ],
    [
      'Docker Agent is closed before a tool',
      { dialect: 'docker-agent-strict' },
      agents('pre_tool_use', { hooks: [{ ...model, on_error: 'warn' }] }),
      { action: { kind: 'prompt', model: 'm' }, failMode: 'block', timeoutMs: 60_000 },
    ],
    [
      'Docker Agent is open where a tool has run',
      { dialect: 'docker-agent-strict' },
      agents('post_tool_use', { hooks: [model] }),
      { failMode: 'allow' },
    ],
    [
      'Azure may reject the end of a turn three times',
      {},
      { hooks: { Stop: [prompt] } },
      { maxRejections: 3 },
    ],
    [
      'Azure has as many rejections as its author says',
      {},
      { hooks: { Stop: [{ ...prompt, maxRejections: 5 }] } },
      { maxRejections: 5 },
    ],
  ])('%s', (_, hint, file, hook) => {
    expect(hookOf(file, hint)).toMatchObject(hook);
  });

  it.each([
    [
      'OpenHands with an unknown tool',
      { dialect: 'openhands' },
      grouped('PreToolUse', { ...agent, tools: ['BrowserTool'] }),
      'tools.0',
    ],
    [
      'OpenHands with tools that are no list',
      { dialect: 'openhands' },
      grouped('PreToolUse', { ...agent, tools: 'BashTool' }),
      'tools',
    ],
    [
      'Docker Agent without a schema',
      { dialect: 'docker-agent-strict' },
      agents('pre_tool_use', { hooks: [{ ...model, schema: undefined }] }),
      'only adds text',
    ],
    [
      'Copilot',
      { path: '/p/.github/hooks/f.json' },
      { version: 1, hooks: { sessionStart: [prompt] } },
      'Copilot types the text',
    ],
    [
      'Claude Code at the start of a session',
      { dialect: 'claude-code' },
      grouped('SessionStart', agent),
      'has no agent hooks at SessionStart',
    ],
  ])('%s is unsupported by name', (_, hint, file, reason) => {
    expect(hookOf(file, hint)?.action).toMatchObject({
      ...{ kind: 'unsupported', type: expect.stringMatching(/^(agent|model|prompt)$/) },
      reason: expect.stringContaining(reason),
    });
  });

  it('reads the transcript where it has tools', () => {
    const reads = (hook: object) => {
      const read = hookOf({ dialect: 'generic', hooks: { Stop: [hook] } }, {});
      return read && readsTranscript(read);
    };
    expect([reads(agent), reads(prompt), reads({ ...prompt, tools: ['ReadFile'] })]).toEqual([
      ...[true, false, true],
    ]);
  });
});
