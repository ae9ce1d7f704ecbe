/** What the keys of other agents' files become. */
import { describe, expect, it } from 'vitest';
import { toldOf } from '../samples.ts';
import { group, parse, run } from './reading.ts';

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
      { action: { kind: 'prompt', prompt: 'p', model: 'm', tools: [] } },
    ],
    [
      'an agent',
      { hooks: { Stop: [{ hooks: [{ type: 'agent', prompt: 'p', once: false }] }] } },
      { action: { kind: 'agent', prompt: 'p', tools: ['ReadFile', 'GrepSearch'] } },
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
    expect(toldOf(JSON.stringify(hooks({ command: '' })))).toHaveLength(1);
  });
});
