import { describe, expect, it } from 'vitest';
import type { FileHint } from '../../../src/files/agents/agent-file.ts';
import { InvalidHooksError, parseHooksFile } from '../../../src/files/hooks-file.ts';

/** `line:column message` of every problem. */
function problemsOf(text: string, hint?: FileHint): string[] {
  try {
    const { format } = parseHooksFile('f', text, hint);
    return [`accepted as ${format}`];
  } catch (error) {
    if (!(error instanceof InvalidHooksError)) throw error;
    return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
}

function parse(value: unknown, hint?: FileHint) {
  const { format, dialect, agent, hooks } = parseHooksFile('f', JSON.stringify(value), hint);
  return { format, dialect: dialect.name, agent, hooks: hooks.map(({ hook }) => hook) };
}

const run = { type: 'command', command: 'exit 0' };
const group = (over: object = {}, hook: object = {}) => ({
  matcher: 'Bash',
  ...over,
  hooks: [{ ...run, ...hook }],
});

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
    ['a version', { version: 1, hooks: { preToolUse: [run] } }, 'copilot'],
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
      { version: 1, lsp: {}, hooks: { PreToolUse: [run] } },
      'Copilot (version) or of Crush (lsp)',
    ],
    [
      'two of agents',
      { agents: { a: { hooks: { pre_run: [run], stop: [run] } } } },
      'Docker Agent (stop) or of AgentPool (pre_run)',
    ],
  ])('%s: the caller is asked', (_, value, text) => {
    const found = problemsOf(JSON.stringify(value));
    expect(found).toEqual([expect.stringContaining(`This could be a file of ${text}`)]);
  });

  it.each([
    ['{"agents": {"a": {}, "b": 1}}', {}, '1:1 There are no hooks in this file.'],
    ['model = "m"\n', {}, '1:1 There are no hooks in this file.'],
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
    expect(problemsOf(text, hint)).toEqual([problem]);
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
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^4:5 .*no event "Stopp"/)]);
  });
});

describe('what is mapped', () => {
  it.each<[string, unknown, object]>([
    [
      'onFailure: block',
      { hooks: { Stop: [group({}, { onFailure: 'block' })] } },
      { failMode: 'block' },
    ],
    [
      'onFailure: continue',
      { hooks: { Stop: [group({}, { onFailure: 'continue' })] } },
      { failMode: 'allow' },
    ],
    [
      'if',
      { hooks: { PreToolUse: [group({}, { if: 'Bash(git push *)' })] } },
      { condition: expect.any(Function), matcher: 'Bash' },
    ],
    [
      'a prompt',
      { hooks: { Stop: [{ hooks: [{ type: 'prompt', prompt: 'p', model: 'm' }] }] } },
      { action: { kind: 'unsupported', type: 'prompt', settings: { prompt: 'p', model: 'm' } } },
    ],
    [
      'an agent',
      { hooks: { Stop: [{ hooks: [{ type: 'agent', prompt: 'p', once: false }] }] } },
      { action: { kind: 'unsupported', type: 'agent', settings: { prompt: 'p' } } },
    ],
    [
      'no type',
      { hooks: { PreToolUse: [{ hooks: [{ command: '#!/bin/sh\nexit 0' }] }] } },
      { action: { script: { runtime: 'bash', source: 'exit 0' } } },
    ],
    [
      'milliseconds',
      { hooks: { BeforeTool: [group({}, { timeout: 1500 })] } },
      { timeoutMs: 1500 },
    ],
    [
      'a name with blanks',
      { hooks: { BeforeTool: [group({}, { name: ' No secrets! ' })] } },
      { name: 'No-secrets-' },
    ],
    [
      'a name of blanks',
      { hooks: { BeforeTool: [group({}, { name: ' ' })] } },
      { name: 'BeforeTool[0]' },
    ],
    [
      'a timeout of 0',
      { agents: { a: { hooks: { stop: [{ ...run, timeout: 0 }] } } } },
      { timeoutMs: 60_000 },
    ],
    [
      'on_error: block',
      { agents: { a: { hooks: { stop: [{ ...run, on_error: 'block' }] } } } },
      { failMode: 'block' },
    ],
    [
      'on_error: warn',
      { agents: { a: { hooks: { pre_tool_use: [group({}, { on_error: 'warn' })] } } } },
      { failMode: 'block', failModeIsDefault: true },
    ],
    [
      'on_error: ignore',
      { agents: { a: { hooks: { stop: [{ ...run, on_error: 'ignore' }] } } } },
      { failMode: 'allow', quiet: true },
    ],
    [
      'strict_output',
      { agents: { a: { hooks: { stop: [{ ...run, strict_output: true }] } } } },
      { strictOutput: true },
    ],
    [
      'powershell beside bash',
      { version: 1, hooks: { preToolUse: [{ bash: 'exit 1', powershell: 'exit 1' }] } },
      { action: { script: { source: 'exit 1' } } },
    ],
    [
      'settings that switch nothing off',
      { hooksConfig: { enabled: true, disabled: [] }, hooks: { BeforeTool: [group()] } },
      { event: 'BeforeTool' },
    ],
    [
      'settings of another kind',
      { hooksConfig: true, hooks: { BeforeTool: [group()] } },
      { event: 'BeforeTool' },
    ],
    [
      'a program and its words',
      { hooks: { Stop: [{ hooks: [{ command: 'jq', args: ['-e', '.a b', '', 'x$\x7BA}'] }] }] } },
      { action: { script: { source: `jq -e '.a b' '' x"$\x7BA}"` } } },
    ],
    [
      'words without a program to come',
      { hooks: { Stop: [{ hooks: [{ command: 'exit 0', statusMessage: 'x' }] }] } },
      {},
    ],
    [
      'exec',
      { version: 1, hooks: { preToolUse: [{ exec: 'true', args: ['a'] }] } },
      { action: { script: { source: 'true a' } } },
    ],
    [
      'variables',
      { agents: { a: { hooks: { pre_run: [{ ...run, env: { A: '1' } }] } } } },
      { action: { script: { source: 'export A=1; exit 0' } } },
    ],
    [
      'empty env and args',
      { hooks: { BeforeTool: [group({ sequential: false }, { env: {} })] } },
      { event: 'BeforeTool' },
    ],
  ])('%s', (_, value, hook) => {
    expect(parse(value).hooks).toMatchObject([hook]);
  });

  it('a hook that is not enabled is left out, but must be a good one', () => {
    const hooks = (over: object) => ({
      agents: {
        a: {
          hooks: {
            pre_run: [
              { ...run, enabled: false, ...over },
              { ...run, enabled: true },
            ],
          },
        },
      },
    });
    expect(parse(hooks({})).hooks).toMatchObject([{ name: 'pre_run[1]' }]);
    expect(problemsOf(JSON.stringify(hooks({ command: '' })))).toHaveLength(1);
  });
});

describe('what is refused, and where', () => {
  const claude = (hook: string, over = '') =>
    `{"permissions": {},${over} "hooks": {\n"PreToolUse": [{"matcher": "Bash", "hooks": [\n${hook}]}]}}`;
  it.each([
    [claude('{"type": "command", "command": 1}'), '3:32 command: Invalid input'],
    [
      claude('{"type": "http", "url": "x"}'),
      '3:10 A hook of type "http" cannot be run here. Known: command, prompt, agent.',
    ],
    [
      claude('{"type": "command", "command": "exit", "cmd": 1}'),
      '3:40 Unknown key "cmd". Known: type, command,',
    ],
    [
      claude('{"type": "command", "command": "./x.sh"}'),
      '3:32 needs the file ./x.sh beside the hook file',
    ],
    [
      claude('{"type": "command", "command": "exit", "onFailure": "open"}'),
      '3:53 onFailure must be one of block, continue.',
    ],
    [
      claude('{"type": "command", "command": "exit", "timeout": "5"}'),
      '3:51 timeout: Invalid input',
    ],
    [
      claude('{"type": "command", "command": "exit", "args": "a"}'),
      '3:32 args beside command must be a list of texts.',
    ],
    [
      claude('{"type": "command", "command": "exit", "shell": "powershell"}'),
      '3:49 shell is not supported',
    ],
    [claude('{"type": "command", "command": "exit", "if": "("}'), '3:46 The condition "(" must be'],
    [claude('{"type": "command"}'), '3:10 A command hook needs a script or a command.'],
    [claude('1'), '3:1 A hook must be a mapping.'],
    [claude('{"command": "exit"}', '"disableAllHooks": true,'), '1:39 disableAllHooks is true'],
    [
      '{"permissions": {}, "hooks": {\n"PreToolUse": [{"matcher": "(", "hooks": [{"command": "true"}, {"command": "false"}]}]}}',
      '2:28 matcher "(" is not a regular',
    ],
    [
      '{"permissions": {}, "hooks": {\n"PreToolUse": [{"match": "x", "hooks": [{"command": "true"}]}]}}',
      '2:17 Unknown key "match". Known: hooks, matcher',
    ],
    [
      '{"permissions": {}, "hooks": {\n"PreToolUse": [{"command": "a"}, {"hooks": []}]}}',
      '2:16 Every item of PreToolUse must be',
    ],
    [
      '{"permissions": {}, "hooks": {\n"PreToolUse": [{"hooks": []}, 1]}}',
      '2:31 Every item of PreToolUse must be',
    ],
    [
      '{"permissions": {}, "hooks": {\n"Stop": [{"hooks": []}], "PreToolUse": {}}}',
      '2:40 The hooks of PreToolUse must be a list.',
    ],
    [
      '{"permissions": {}, "hooks": {\n"Stop": [{"hooks": []}], "BeforeRun": []}}',
      '2:26 The claude-code dialect has no event "BeforeRun"',
    ],
    [
      '{"hooks": {\n"BeforeTool": [{"hooks": []}], "PreToolUse": []}}',
      '2:32 The gemini-cli dialect has no event "PreToolUse"',
    ],
    [
      '{"hooks": {"disabled": ["x"],\n"BeforeTool": [{"hooks": []}]}}',
      '1:24 This file switches hooks off',
    ],
    [
      '{"hooksConfig": {"enabled": false}, "hooks": {"BeforeTool": [{"hooks": []}]}}',
      '1:17 This file switches hooks off',
    ],
    [
      '{"hooksConfig": {"disabled": ["x"]}, "hooks": {"BeforeTool": [{"hooks": []}]}}',
      '1:17 This file switches hooks off',
    ],
    [
      '{"hooks": {"BeforeTool": [{"hooks": [\n{"command": "exit", "timeout": "1"}]}]}}',
      '2:32 timeout: Invalid input',
    ],
    [
      '{"hooks": {"BeforeTool": [{"hooks": [\n{"command": "exit", "env": {"A": 1}}]}]}}',
      '2:34 env.A: must be a text',
    ],
    [
      '{"hooks": {"BeforeTool": [{"hooks": [\n{"command": "exit", "env": {"UID": "1"}}]}]}}',
      '2:28 UID cannot be set',
    ],
    [
      '{"version": 1, "hooks": {"preToolUse": [{"args": ["x"], "bash": "exit"}]}}',
      '1:50 args needs exec beside it.',
    ],
    [
      '{"hooks": {"BeforeTool": [{"hooks": [\n{"command": "exit", "name": 1}]}]}}',
      '2:29 name: Invalid input',
    ],
    [
      '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ncommand = "node x.js"\n',
      '3:11 node is not in the sandbox',
    ],
    [
      '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ncommand = "exit"\ntimeout = 1\ntimeoutSec = 1\n',
      '5:1 "timeoutSec" and "timeout" are the same key',
    ],
    [
      'agents:\n  a:\n    hooks:\n      stop: [{hooks: []}]\n',
      '4:15 stop takes its hooks without groups.',
    ],
    [
      'agents:\n  a:\n    hooks:\n      stop: [{command: exit, working_dir: /x}]\n',
      '4:43 The working folder must be inside the project',
    ],
    [
      'agents:\n  a:\n    hooks:\n      stop: [{type: builtin, command: exit}]\n',
      '4:21 A hook of type "builtin" cannot be run here. Known: command.',
    ],
    [
      'agents:\n  a:\n    hooks:\n      pre_run: [{command: exit, enabled: 1}]\n',
      '4:42 enabled: Invalid input',
    ],
    ['{"version": 2, "hooks": {"preToolUse": [{"bash": "exit"}]}}', '1:13 version must be 1.'],
    [
      '{"version": 1, "hooks": {"preToolUse": [{"bash": "exit", "cwd": "x"}]}}',
      '1:65 No file of x is taken along',
    ],
    [
      '{"version": 1, "hooks": {"beforeShellExecution": [{"command": "exit"}]}}',
      '1:26 The copilot dialect has no event',
    ],
    [
      '{"lsp": {}, "hooks": {"PreToolUse": [{"command": "curl x"}]}}',
      '1:50 curl needs the network',
    ],
  ])('%j: %s', (text, problem) => {
    const found = problemsOf(text);
    expect(found).toEqual([expect.stringContaining(problem)]);
  });

  it('powershell alone has no line to run', () => {
    expect(problemsOf('{"version": 1, "hooks": {"preToolUse": [{"powershell": "exit"}]}}')).toEqual(
      [
        expect.stringContaining("powershell is not in the sandbox's image"),
        expect.stringContaining('needs a script or a command'),
      ],
    );
  });
});
