/** Hooks that the file of an agent switches off itself, and Qwen Code's own words. */
import { describe, expect, it } from 'vitest';
import { warningsOf } from '../../../src/files/hook-set.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';

function read(path: string, value: unknown, dialect?: string) {
  const set = parseHooksFile(path, JSON.stringify(value), { dialect });
  return {
    dialect: set.dialect.name,
    hooks: set.hooks.map(({ hook }) => hook),
    warnings: warningsOf(set).map(({ message }) => message),
  };
}

const hook = (over: object) => ({ type: 'command', command: 'exit 2', ...over });
const left = 'The file switches this hook off: it is left out.';

describe('a hook that the file switches off is left out with a warning, and the others are read', () => {
  const hooks = {
    BeforeTool: [
      { hooks: [hook({ name: 'guard' }), hook({ name: 'fmt' }), hook({ command: ':' })] },
    ],
  };

  it.each([
    [{ hooksConfig: { enabled: true, disabled: ['fmt'] }, hooks }],
    [{ hooks: { ...hooks, disabled: ['fmt', 7] } }],
  ])('by its name: %j', (file) => {
    const { hooks: loaded, warnings } = read('.gemini/settings.json', file);
    expect(loaded.map(({ name }) => name)).toEqual(['guard', 'BeforeTool[2]']);
    expect(warnings).toEqual([left]);
  });

  it('by its command, where it has no name', () => {
    const file = { hooksConfig: { disabled: [':'] }, hooks };
    const { hooks: loaded, warnings } = read('.gemini/settings.json', file);
    expect(loaded.map(({ name }) => name)).toEqual(['guard', 'fmt']);
    expect(warnings).toEqual([left]);
  });

  it('in a file of Qwen Code', () => {
    const file = { hooks: { disabled: ['a'], Stop: [{ hooks: [hook({ name: 'a' })] }] } };
    expect(read('.qwen/settings.json', file)).toEqual({
      dialect: 'qwen-code',
      hooks: [],
      warnings: [left],
    });
  });
});

describe('a file of Qwen Code', () => {
  const file = (over: object) => ({
    hooks: { PreToolUse: [{ matcher: 'run_shell_command', hooks: [hook(over)] }] },
  });

  it.each([
    ['its folder', '.qwen/settings.json', undefined],
    ['its dialect', 'settings.json', 'qwen-code'],
  ])('is known by %s, and its timeouts are milliseconds', (_, path, dialect) => {
    const { hooks, ...rest } = read(path, file({ timeout: 5000 }), dialect);
    expect(rest).toEqual({ dialect: 'qwen-code', warnings: [] });
    expect(hooks).toMatchObject([{ matcher: 'run_shell_command', timeoutMs: 5000 }]);
  });

  it.each([
    ['closed', 'block'],
    ['open', 'allow'],
    ['block', 'block'],
  ])('says failMode: %s for %s', (word, failMode) => {
    const { hooks } = read('.qwen/settings.json', file({ failMode: word }));
    expect(hooks).toMatchObject([{ failMode }]);
  });
});

it.each([{}, '', null, [], false])(
  'a setting that switches nothing off is accepted: %j',
  (value) => {
    const file = { disableAllHooks: value, hooks: { Stop: [{ hooks: [hook({})] }] } };
    expect(read('.claude/settings.json', file).hooks).toHaveLength(1);
  },
);
