/** What is refused in other agents' files, and at which place. */

import { describe, expect, it } from 'vitest';
import { toldOf } from '../samples.ts';

describe('what is refused, and where', () => {
  const claude = (hook: string, over = '') =>
    `{"permissions": {},${over} "hooks": {\n"PreToolUse": [{"matcher": "Bash", "hooks": [\n${hook}]}]}}`;
  it.each([
    [claude('{"type": "command", "command": 1}'), '3:32 command: Invalid input'],
    [
      claude('{"type": "mcp_tool", "url": "x"}'),
      '3:10 A hook of type "mcp_tool" cannot be run here. Known: command, http, prompt, agent.',
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
      '{"permissions": {}, "hooks": {\n"PreToolUse": [{"matcher": "(", "hooks": [{"command": "exit"}]}]}}',
      '2:28 matcher "(" is not a regular',
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
      '{"hooksConfig": {"enabled": false}, "hooks": {"BeforeTool": [{"hooks": []}]}}',
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
      '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ncommand = "ruby x.js"\n',
      '3:11 ruby is not in the sandbox',
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
      '4:21 Of the builtin hooks only http_post can be run here: write a command.',
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
      '{"version": 1, "hooks": {"fooBar": [{"bash": "exit"}], "agentStop": []}}',
      '1:26 The copilot dialect has no event',
    ],
    [
      '{"lsp": {}, "hooks": {"PreToolUse": [{"command": "curl x"}]}}',
      '1:50 curl needs the network',
    ],
  ])('%j: %s', (text, problem) => {
    const found = toldOf(text);
    expect(found).toEqual([expect.stringContaining(problem)]);
  });

  it('powershell alone has no line to run', () => {
    expect(toldOf('{"version": 1, "hooks": {"preToolUse": [{"powershell": "exit"}]}}')).toEqual([
      expect.stringContaining('powershell is for other machines than a sandbox'),
    ]);
  });
});
