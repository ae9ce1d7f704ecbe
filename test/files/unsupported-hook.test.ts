import { describe, expect, it } from 'vitest';
import type { FileHint } from '../../src/files/agents/agent-file.ts';
import { warningsOf } from '../../src/files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../../src/files/hooks-file.ts';
import { settingsOf } from '../../src/files/unsupported-hook.ts';
import type { Hook } from '../../src/protocol/hook.ts';

const claude = { dialect: 'claude-code' } as const;

function setOf(hooks: object, hint: FileHint = claude) {
  return parseHooksFile('f.json', JSON.stringify({ hooks }), hint);
}

/** The only hook of a group at PreToolUse in a file of Claude Code. */
function hookOf(hook: object, group: object = {}, hint?: FileHint): Hook {
  const { hooks } = setOf({ PreToolUse: [{ ...group, hooks: [hook] }] }, hint);
  return hooks[0]?.hook as Hook;
}

const formatter = { type: 'command', command: 'npx prettier --write x.ts' };
const guard = { type: 'command', command: "echo 'denied by guard' >&2; exit 2" };

describe("in an agent's own file a hook that cannot run here", () => {
  it('refuses no hook beside it, and is told with its place and what it counts as', () => {
    const set = setOf({
      PreToolUse: [{ matcher: 'Bash', hooks: [guard] }],
      PostToolUse: [{ matcher: 'Edit|Write', hooks: [formatter] }],
      Notification: [{ hooks: [{ type: 'command', command: 'osascript -e x' }] }],
    });
    expect(set.hooks.map(({ hook }) => [hook.name, hook.action.kind])).toEqual([
      ['PreToolUse[0]', 'command'],
      ['PostToolUse[0]', 'unsupported'],
      ['Notification[0]', 'unsupported'],
    ]);
    expect(warningsOf(set)).toMatchObject([
      {
        line: 1,
        path: ['hooks', 'PostToolUse', 0, 'hooks', 0, 'command'],
        message: "npx is not in the sandbox's image. The hook counts as its failMode, allow.",
      },
      { message: expect.stringMatching(/^osascript is not .* failMode, allow\.$/) },
    ]);
  });

  it('keeps its reason and what its author wrote', () => {
    const written = { ...formatter, timeout: 5, statusMessage: 'formats' };
    expect(hookOf(written).action).toEqual({
      kind: 'unsupported',
      type: 'command',
      reason: "npx is not in the sandbox's image.",
      settings: { command: formatter.command, timeout: 5, statusMessage: 'formats' },
    });
  });

  it('of a type that hookpool does not know keeps type, matcher and settings', () => {
    const written = { type: 'mcp_tool', url: 'https://hooks.invalid/x', headers: { a: 'b' } };
    expect(hookOf(written, { matcher: 'Bash' })).toMatchObject({
      matcher: 'Bash',
      action: {
        kind: 'unsupported',
        type: 'mcp_tool',
        reason: expect.stringContaining('type "mcp_tool" cannot be run here'),
        settings: { url: 'https://hooks.invalid/x', headers: { a: 'b' } },
      },
    });
    expect(hookOf({ type: 5, command: 'x' })).toMatchObject({ action: { type: 'number' } });
  });

  it.each<[string, object, object, object]>([
    ['its own failMode', { onFailure: 'block' }, {}, { failMode: 'block' }],
    ['the default of its dialect', {}, {}, { failMode: 'allow', failModeIsDefault: true }],
    ['its matcher', {}, { matcher: 'Edit' }, { matcher: 'Edit' }],
    ['its condition', { if: 'Bash(git *)' }, {}, { conditionText: 'Bash(git *)' }],
    ['its timeout', { timeout: 7 }, {}, { timeoutMs: 7_000 }],
    ['no setting that is wrong', { timeout: 'soon' }, {}, { timeoutMs: 600_000 }],
    ['no condition that is wrong', { if: 'Bash(' }, {}, { conditionText: undefined }],
  ])('has %s', (_, over, group, expected) => {
    const hook = hookOf({ ...formatter, ...over }, group);
    expect(hook).toMatchObject({ ...expected, action: { kind: 'unsupported' } });
  });

  it('with a matcher that cannot be compiled counts for every tool', () => {
    const hook = hookOf(guard, { matcher: '(a)\\1' });
    expect(hook).toMatchObject({ matcher: '*', action: { kind: 'unsupported' } });
    expect(hook.matches('anything')).toBe(true);
    const both = hookOf({ ...guard, timeout: 'soon' }, { matcher: '(a)\\1' });
    expect([both.matcher, both.matches('anything')]).toEqual(['*', true]);
  });

  it('and is async with failMode block counts, and is waited for', () => {
    const hook = hookOf({ ...guard, async: true, onFailure: 'block' });
    expect(hook).toMatchObject({ async: undefined, failMode: 'block' });
    expect(hook.action.kind).toBe('unsupported');
  });

  it('and is switched off is told, and not loaded', () => {
    const events = { pre_tool_use: [{ ...formatter, enabled: false }] };
    const set = parseHooksFile('f', JSON.stringify({ agents: { a: { hooks: events } } }), {
      dialect: 'agentpool',
    });
    expect(set.hooks).toEqual([]);
    expect(warningsOf(set)).toMatchObject([{ message: "npx is not in the sandbox's image." }]);
  });

  it('is one of several of a name: names repeat in the files of agents', () => {
    const hooks = [
      { ...guard, name: 'a' },
      { ...guard, name: 'a' },
    ];
    const set = setOf({ BeforeTool: [{ hooks }] }, { dialect: 'gemini-cli' });
    expect(set.hooks.map(({ hook }) => hook.name)).toEqual(['a', 'a#2']);
  });
});

describe('a document of an agent that came without files', () => {
  const script = { type: 'command', command: 'bash .claude/hooks/guard.sh' };
  it('is refused where a hook lacks nothing but a file', () => {
    expect(() => hookOf(script)).toThrow(
      /needs the file \.claude\/hooks\/guard\.sh.*send what hookpool bundle prints/,
    );
  });

  it.each([
    ['no file helps', { command: 'npx prettier && bash .claude/hooks/guard.sh' }],
    ['its files are not there', { command: script.command, files: {} }],
  ])('is accepted where %s', (_, { command, files }: { command: string; files?: object }) => {
    const hooks = { PreToolUse: [{ hooks: [{ type: 'command', command }] }] };
    const text = JSON.stringify({ hooks, files });
    const [loaded] = parseHooksFile('f', text, claude).hooks;
    expect(loaded?.hook.action).toMatchObject({ kind: 'unsupported', type: 'command' });
  });
});

it('a hook that asks a judge is told as a warning in every format', () => {
  const prompt = { type: 'prompt', prompt: 'Good?' };
  for (const text of [
    JSON.stringify({ hooks: { Stop: [{ hooks: [prompt] }] } }),
    JSON.stringify({ dialect: 'azure', hooks: { Stop: [prompt] } }),
  ]) {
    expect(warningsOf(parseHooksFile('f', text, claude))).toMatchObject([
      { message: expect.stringMatching(/configured its judge.* counts as its failMode, allow\.$/) },
    ]);
  }
});

describe('an event that the agent does not know', () => {
  const stop = [{ hooks: [guard] }];
  it('beside known ones is left out with a warning, as the agent does it', () => {
    const set = setOf({ Stop: stop, PreCommit: stop });
    expect(set.hooks.map(({ hook }) => hook.event)).toEqual(['Stop']);
    expect(warningsOf(set)).toMatchObject([
      {
        path: ['hooks', 'PreCommit'],
        message: expect.stringMatching(/has no event "PreCommit".* Its hooks are left out\.$/),
      },
    ]);
  });

  it('refuses a file that has no other', () => {
    expect(() => setOf({ PreCommit: stop })).toThrow(/has no event "PreCommit"/);
  });
});

it.each([
  ['our own format', { dialect: 'claude-code', hooks: { Stop: [{ command: './x.sh' }] } }],
  [
    "Azure's documents",
    { kind: 'ExtendedAgent', spec: { hooks: { Stop: [{ type: 'command', command: './x.sh' }] } } },
  ],
])('in %s a hook that cannot run refuses the file', (_, value) => {
  expect(() => parseHooksFile('f', JSON.stringify(value))).toThrow(InvalidHooksError);
});

describe('what is kept of the settings', () => {
  it('is at most 64 KiB, in their order and without the type', () => {
    const long = 'x'.repeat(40_000);
    const settings = {
      type: 'mcp_tool',
      url: 'u',
      a: long,
      b: long,
      c: [long],
      d: { e: 1, f: null },
    };
    expect(Object.keys(settingsOf(settings))).toEqual(['url', 'a', 'd']);
  });

  it('is nothing that JSON has no form for', () => {
    expect(settingsOf({ at: new Date(0), a: undefined, b: true })).toEqual({ b: true });
  });
});

describe('the failMode that the caller gives', () => {
  const block = { ...claude, failMode: 'block' } as const;

  it.each<[string, object, object]>([
    ['is that of a hook that says none', {}, { failMode: 'block', failModeIsDefault: undefined }],
    ['is not that of a hook that says one', { onFailure: 'continue' }, { failMode: 'allow' }],
  ])('%s', (_, over, expected) => {
    const { failMode, failModeIsDefault } = hookOf({ ...guard, ...over }, {}, block);
    expect({ failMode, failModeIsDefault }).toMatchObject(expected);
  });

  it('is not that of a hook of Docker Agent that chooses the default of its event', () => {
    const stop = [{ ...guard, on_error: 'warn' }, { ...guard, on_error: 'ignore' }, guard];
    const text = JSON.stringify({ agents: { a: { hooks: { stop } } } });
    const { hooks } = parseHooksFile('f', text, { failMode: 'block' });
    expect(hooks.map(({ hook }) => hook.failModeIsDefault)).toEqual([true, true, undefined]);
  });

  it.each([
    ['our own format', { hooks: { Stop: [{ command: 'exit 0' }] } }],
    [
      'an ExtendedAgent',
      { kind: 'ExtendedAgent', spec: { hooks: { Stop: [{ type: 'command', command: ':' }] } } },
    ],
    [
      'a GlobalHook',
      { kind: 'GlobalHook', name: 'g', spec: { eventType: 'Stop', hook: { script: 'exit 0' } } },
    ],
  ])('is that of %s', (_, value) => {
    const { hooks } = parseHooksFile('f', JSON.stringify(value), { failMode: 'block' });
    expect(hooks[0]?.hook).toMatchObject({ failMode: 'block' });
    expect(hooks[0]?.hook.failModeIsDefault).toBeUndefined();
  });

  it('is overruled by that of a document with its files, of which the innermost counts', () => {
    const bundled = (document: string, failMode: string) =>
      JSON.stringify({ document, files: {}, failMode });
    const own = JSON.stringify({ hooks: { Stop: [{ command: 'exit 0' }] } });
    const text = bundled(bundled(own, 'block'), 'allow');
    const { hooks } = parseHooksFile('f', text, { failMode: 'allow' });
    expect(hooks[0]?.hook.failMode).toBe('block');
    expect(() => parseHooksFile('f', bundled(own, 'open'))).toThrow(
      /^f:1:\d+: failMode must be one of allow, block, ask\.$/,
    );
  });
});
