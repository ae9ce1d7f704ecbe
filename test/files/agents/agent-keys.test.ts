/** Keys of other agents' files: what they set here, and what is told of those that are ignored. */
import { describe, expect, it } from 'vitest';
import { claude, flat, hookOf, read, run, unsupported } from './reading.ts';

describe('a key that the agent ignores is ignored with a warning', () => {
  it.each(['id', 'name', 'description', 'comment', '_comment', 'suppressOutput', 'timeoutMs'])(
    '%s on a hook of Claude Code',
    (key) => {
      const reading = read('.claude/settings.json', claude({ [key]: 'x' }));
      expect(reading).toMatchObject({ format: 'claude-code-settings', problems: [] });
      expect(reading.warnings).toEqual([
        expect.stringContaining(`Claude Code ignores the key "${key}". Known: type, command`),
      ]);
    },
  );

  it('enabled: false does not switch a hook of Claude Code off, and the warning says so', () => {
    const { problems, warnings } = read('.claude/settings.json', claude({ enabled: false }));
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'Claude Code ignores enabled, so this hook runs: take it out instead.',
    ]);
  });

  it('a key of a group is told once, at its first hook', () => {
    const value = {
      hooks: { Stop: [{ id: 'g', hooks: [run, { ...run, command: 'exit 1' }] }] },
    };
    expect(read('.codex/hooks.json', value).warnings).toEqual([
      'Codex ignores the key "id". Known: hooks, matcher.',
    ]);
  });

  it.each([
    ['.windsurf/hooks.json', flat('pre_run_command', { command: 'exit 0', description: 'd' })],
    ['.cursor/hooks.json', flat('stop', { command: 'exit 0', name: 'n' })],
    ['.github/hooks/a.json', { version: 1, ...flat('preToolUse', { ...run, name: 'n' }) }],
    ['.kiro/agents/a.json', flat('stop', { command: 'exit 0', name: 'n' })],
    ['.gemini/settings.json', { hooks: { BeforeTool: [{ id: 'g', hooks: [run] }] } }],
  ])('in %s', (path, value) => {
    expect(read(path, value)).toMatchObject({
      problems: [],
      warnings: [expect.stringMatching(/ ignores the key "/)],
    });
  });

  it.each([
    ['script', claude({ script: 'exit 2' })],
    ['quiet', claude({ quiet: true })],
    ['tier', claude({}, { tier: 'system' })],
    ['failMode', claude({}, { failMode: 'block' })],
  ])('but with %s of our own files the hook does not run', (key, value) => {
    expect(unsupported('.claude/settings.json', value)).toContain(`Unknown key "${key}"`);
  });

  it.each([
    'stop: [{command: exit, x: 1}]',
    'stop: [{command: exit, failMode: block}]',
    'pre_run: [{command: exit, x: 1}]',
  ])('nor with a key that its agent refuses: %s', (events) => {
    const text = `agents:\n  a:\n    hooks:\n      ${events}\n`;
    expect(unsupported('agents.yaml', text)).toMatch(/^Unknown key "(x|failMode)"/);
  });

  it('the keys of a type that hookpool does not run are not said to be ignored', () => {
    const value = claude({ type: 'mcp_tool', url: 'x' }, { id: 'g' });
    expect(read('.claude/settings.json', value).warnings).toEqual([
      expect.stringContaining('ignores the key "id"'),
      expect.stringContaining('A hook of type "mcp_tool" cannot be run here.'),
    ]);
  });
});

describe('keys of today', () => {
  it('a hook with asyncRewake does not run, and is told once', () => {
    const keys = { asyncRewake: true, rewakeMessage: 'm', rewakeSummary: 's' };
    expect(unsupported('.claude/settings.json', claude(keys))).toContain(
      'asyncRewake is not supported',
    );
  });

  it.each([
    ['.codex/hooks.json', { additionalContextLimit: 2000, statusMessage: 's' }],
    ['.claude/settings.json', { rewakeMessage: 'm', statusMessage: 's' }],
  ])('in %s %j changes no decision', (path, keys) => {
    const value = { description: 'd', ...claude(keys) };
    expect(read(path, value)).toMatchObject({ problems: [], warnings: [] });
  });

  it.each(['SessionEnd', 'Interrupt'])('Codex has the event %s', (event) => {
    expect(hookOf('.codex/hooks.json', { hooks: { [event]: [{ hooks: [run] }] } })).toMatchObject({
      event,
    });
  });
});

describe('Cursor', () => {
  const stop = (loop_limit: unknown) => flat('stop', { command: 'exit 0', loop_limit });
  it.each<[string, object, object]>([
    ['failClosed', flat('preToolUse', { ...run, failClosed: true }), { failMode: 'block' }],
    ['failClosed: false', flat('preToolUse', { ...run, failClosed: false }), { failMode: 'allow' }],
    ['loop_limit', stop(3), { maxRejections: 3 }],
    ['a loop_limit above the most', stop(100), { maxRejections: 25 }],
    ['no loop_limit', stop(null), { maxRejections: undefined }],
    ['a prompt', flat('stop', { type: 'prompt', prompt: 'p' }), { action: { kind: 'prompt' } }],
    ['timeout', flat('stop', { ...run, timeout: 5 }), { timeoutMs: 5000 }],
  ])('%s', (_, value, hook) => {
    expect(hookOf('.cursor/hooks.json', { version: 1, ...value })).toMatchObject(hook);
  });

  it.each([
    [flat('stop', { ...run, failClosed: 'yes' }), 'failClosed must be true or false'],
    [stop(1.5), 'loop_limit must be a whole number'],
    [stop(-1), 'loop_limit must be a whole number'],
    [stop('3'), 'loop_limit must be a whole number'],
    [stop(0), 'loop_limit is 0'],
  ])('the hook of %j does not run', (value, problem) => {
    expect(unsupported('.cursor/hooks.json', value)).toContain(problem);
  });

  it('another version than the first is refused', () => {
    const value = { version: 2, ...stop(1) };
    expect(read('.cursor/hooks.json', value).problems).toEqual(['version must be 1.']);
  });
});

describe('the command for this machine', () => {
  const source = (path: string, event: string, hook: object) =>
    hookOf(path, flat(event, hook))?.action;
  it.each([
    [
      '.github/hooks/a.json',
      'PreToolUse',
      { command: 'exit 0', linux: 'exit 1', windows: 'exit 2', osx: 'exit 3' },
      'exit 1',
    ],
    [
      '.github/hooks/a.json',
      'PreToolUse',
      { command: 'exit 0', bash: 'exit 1', powershell: 'exit 2' },
      'exit 1',
    ],
    ['.github/hooks/a.json', 'PreToolUse', { bash: 'exit 0', linux: 'exit 1' }, 'exit 1'],
    ['.github/hooks/a.json', 'PreToolUse', { command: 'exit 0', windows: 'exit 2' }, 'exit 0'],
    [
      '.github/copilot/a.json',
      'preToolUse',
      { command: 'exit 0', bash: 'exit 1', windows: 'exit 2' },
      'exit 1',
    ],
    [
      '.windsurf/hooks.json',
      'pre_run_command',
      { command: 'exit 0', powershell: 'exit 2' },
      'exit 0',
    ],
  ])('in %s at %s of %j', (path, event, hook, line) => {
    expect(source(path, event, hook)).toMatchObject({ script: { source: line } });
  });

  it.each([
    ['.github/hooks/a.json', 'PreToolUse', { windows: 'c' }, 'windows is for other machines'],
    ['.windsurf/hooks.json', 'pre_run_command', { powershell: 'c' }, 'powershell is for other'],
  ])('in %s at %s of %j is missing', (path, event, hook, problem) => {
    expect(unsupported(path, flat(event, hook))).toContain(problem);
  });

  it('Copilot ignores the line for Linux of VS Code, and the warning says so', () => {
    const value = { version: 1, ...flat('preToolUse', { command: 'exit 0', linux: 'exit 2' }) };
    expect(read('.github/hooks/a.json', value)).toMatchObject({
      format: 'copilot-hooks',
      warnings: [expect.stringContaining('Copilot ignores the key "linux"')],
    });
  });
});

describe('timeouts and folders', () => {
  const command = 'exit 0';
  it.each<[string, string, object, object]>([
    ['.kiro/agents/a.json', 'stop', { command, timeout_ms: 1500 }, { timeoutMs: 1500 }],
    ['.github/hooks/a.json', 'Stop', { command, timeout: 4, timeoutSec: 9 }, { timeoutMs: 4000 }],
    [
      '.github/copilot/a.json',
      'agentStop',
      { command, timeout: 4, timeoutSec: 9 },
      { timeoutMs: 9000 },
    ],
    [
      '.windsurf/hooks.json',
      'pre_run_command',
      { command, working_directory: '$\x7BworkspaceFolder}' },
      {},
    ],
  ])('in %s at %s of %j', (path, event, hook, expected) => {
    expect(hookOf(path, flat(event, hook))).toMatchObject(expected);
  });

  it.each([
    ['$\x7BworkspaceFolder}/a', 'No file of a is taken along'],
    ['/x', 'The working folder must be inside the project'],
    [1, 'working_directory: Invalid input'],
  ])('working_directory %j of Windsurf', (working_directory, problem) => {
    const value = flat('pre_run_command', { command, working_directory });
    expect(unsupported('.windsurf/hooks.json', value)).toContain(problem);
  });

  it('a hook of Amazon Q that waits for the end of the turn runs at once, with a warning', () => {
    const hook = { command, max_output_size: 10, cache_ttl_seconds: 5 };
    const path = '.kiro/agents/a.json';
    const delayed = flat('postToolUse', { ...hook, only_when_turn_complete: true });
    expect(read(path, delayed).warnings).toEqual([
      expect.stringContaining('only_when_turn_complete does not delay the hook'),
    ]);
    const atOnce = flat('postToolUse', { ...hook, only_when_turn_complete: false });
    expect(read(path, atOnce)).toMatchObject({ problems: [], warnings: [] });
  });
});
