/** Files of other agents: whose they are by their words. */
import { describe, expect, it } from 'vitest';
import type { FileHint } from '../../../src/files/agents/agent-file.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { toldOf } from '../samples.ts';
import { group, parse, run } from './reading.ts';

describe('whose file it is', () => {
  const bare = { hooks: { PreToolUse: [group()] } };
  const flatBare = { hooks: { PreToolUse: [run] } };
  it.each<[string, unknown, string, FileHint?]>([
    ['a file of the common shape', bare, 'claude-code'],
    ['the same with a hint', bare, 'codex', { dialect: 'codex' }],
    ['the same with another hint', bare, 'openhands', { dialect: 'openhands' }],
    ['an older Claude Code', bare, 'claude-code-2025', { dialect: 'claude-code-2025' }],
    ['a hint of a dialect that has no such files', bare, 'claude-code', { dialect: 'azure' }],
    ['settings beside the hooks', { permissions: {}, hooks: { Stop: [group()] } }, 'claude-code'],
    [
      'a key of Claude Code',
      { hooks: { PreToolUse: [group({}, { onFailure: 'block' })] } },
      'claude-code',
    ],
    [
      'a schema of Gemini CLI',
      { $schema: 'https://x/gemini-cli.json', hooks: { SessionStart: [group()] } },
      'gemini-cli',
    ],
    [
      'an event of Gemini CLI',
      { hooks: { SessionStart: [group()], AfterTool: [group()] } },
      'gemini-cli',
    ],
    ['a key of Codex', { hooks: { Stop: [group({}, { timeoutSec: 3 })] } }, 'codex'],
    ['an event in the spelling of OpenHands', { hooks: { pre_tool_use: [group()] } }, 'openhands'],
    ['events without hooks around them', { PreToolUse: [group()], stop: [group()] }, 'openhands'],
    ['a version and an event of Copilot', { version: 1, hooks: { agentStop: [run] } }, 'copilot'],
    ['a key of Copilot', { hooks: { preToolUse: [{ bash: 'exit 0' }] } }, 'copilot'],
    ['flat hooks without anything else are ours', flatBare, 'azure', {}],
    ['the same with a hint of Crush', flatBare, 'crush', { dialect: 'crush' }],
    [
      'our own keys with a hint',
      { hooks: { PreToolUse: [{ script: 'x', matcher: '*' }] } },
      'crush',
      { dialect: 'crush' },
    ],
    [
      'a dialect that is not the hint',
      { dialect: 'azure', hooks: flatBare.hooks },
      'azure',
      { dialect: 'crush' },
    ],
    ['a file that names its dialect', { dialect: 'crush', hooks: flatBare.hooks }, 'crush'],
    [
      'a schema of Crush',
      { $schema: 'https://charm.land/crush.json', hooks: flatBare.hooks },
      'crush',
    ],
    ['flat hooks of agents', { agents: { a: { hooks: { pre_tool_use: [run] } } } }, 'agentpool'],
    ['groups of agents', { agents: { a: { hooks: { pre_tool_use: [group()] } } } }, 'docker-agent'],
    ['events of Docker Agent', { agents: { a: { hooks: { stop: [run] } } } }, 'docker-agent'],
    [
      'newer events of Docker Agent',
      { agents: { a: { hooks: { turn_start: [run] } } } },
      'docker-agent-strict',
    ],
    [
      'newer keys of Docker Agent',
      { agents: { a: { hooks: { stop: [{ ...run, name: 'x' }] } } } },
      'docker-agent-strict',
    ],
    [
      'an edition by name',
      { agents: { a: { hooks: { turn_start: [run] } } } },
      'docker-agent-gen2',
      { dialect: 'docker-agent-gen2' },
    ],
  ])('%s', (_, value, dialect, hint) => {
    const file =
      dialect === 'azure'
        ? JSON.stringify(value).replace('"command":"exit 0"', '"command":"exit 0","matcher":"*"')
        : JSON.stringify(value);
    expect(parseHooksFile('f', file, hint).dialect.name).toBe(dialect);
  });

  it.each<[string, unknown, string]>([
    [
      'lifecycle events only',
      { hooks: { SessionStart: [group()] } },
      'Claude Code or of Gemini CLI: name its dialect, claude-code or gemini-cli',
    ],
    [
      'keys of two',
      { hooks: { Stop: [group({}, { if: 'Bash', timeoutSec: 1 })] } },
      'Claude Code (if) or of Codex (timeoutSec)',
    ],
    [
      'two flat ones',
      { lsp: {}, hooks: { PreToolUse: [{ exec: 'true' }] } },
      'Copilot (exec) or of Crush (lsp)',
    ],
    [
      'two of agents',
      { agents: { a: { hooks: { pre_run: [run], stop: [run] } } } },
      'Docker Agent (stop) or of AgentPool (pre_run)',
    ],
  ])('%s: the caller is asked', (_, value, text) => {
    const found = toldOf(JSON.stringify(value));
    expect(found).toEqual([expect.stringContaining(`This could be a file of ${text}`)]);
  });

  it.each([
    ['{"agents": {"a": {}, "b": 1}}', {}, '1:1 There are no hooks in this file.'],
    ['model = "m"\n', {}, '1:1 There are no hooks in this file.'],
    [
      '{"permissions": {}}',
      { path: '.claude/settings.json' },
      '1:1 There are no hooks in this file.',
    ],
    [
      'agents:\n  a: {hooks: {stop: []}}\n',
      { agent: 'b' },
      '2:3 No agent "b" with hooks. There are: a.',
    ],
    [
      'agents:\n  a: {hooks: {stop: []}}\n  b: {hooks: {stop: []}}\n',
      {},
      '2:3 Several agents have hooks: name one of a, b (--agent; agent over HTTP and in a test file).',
    ],
    ['model = \n', {}, '2:1 Unspecified values are invalid.'],
    ['{}', {}, expect.stringContaining('"hooks" must map')],
  ])('%j with %j is refused', (text, hint, problem) => {
    expect(toldOf(text, hint)).toEqual([problem]);
  });

  it('of several agents the one that is named is taken', () => {
    const agents = { a: { hooks: { stop: [run] } }, b: { hooks: { stop: [run, run] } } };
    expect(parse({ agents }, { agent: 'b' })).toMatchObject({
      agent: 'b',
      hooks: [{ name: 'stop[0]' }, { name: 'stop[1]' }],
    });
  });

  it('comments and commas at the end are no problem, and move nothing', () => {
    const text =
      '// mine\n{\n\t"hooks": { /* x\n */ "Stopp": [], "Stop": [ { "hooks": [ { "type": "command", "command": "echo //" }, ] } ] },\n}';
    expect(toldOf(text)).toEqual([expect.stringMatching(/^4:5 .*no event "Stopp"/)]);
  });
});
