/** `hookpool init`: the guards in a project, for every agent. Their tests run with those of examples/. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentNames } from '../../../src/cli/install/places.ts';
import { MadeUpHome } from '../../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
});
afterEach(() => home.remove());

const files = ['guards/hooks.yaml', 'guards/hooks.hooktest.yaml'];

test('puts ten guards and their tests into the project, and tells what comes next', async () => {
  const { code, stdout } = await home.call('init');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\d+ files in guards\.\n[\s\S]*hookpool test guards\n[\s\S]*hookpool install claude-code\n/,
  );
  expect(home.read('guards/hooks.yaml').match(/name: /g)).toHaveLength(10);
  expect(home.read('guards/hooks.hooktest.yaml')).not.toContain('../docs');
  expect(await home.call('check', '--static', '--strict', ...files)).toMatchObject({
    code: 0,
    stderr: '',
  });
});

test.each(agentNames)('writes them for the events of %s', async (agent) => {
  expect((await home.call('init', '.', '--agent', agent)).code).toBe(0);
  const { code, stderr, stdout } = await home.call(
    'check',
    '--static',
    '--strict',
    '--json',
    ...files,
  );
  expect([code, stderr]).toEqual([0, '']);
  const { hooks } = JSON.parse(stdout) as { hooks: { dialect: string; name: string }[] };
  expect(hooks.length).toBeGreaterThanOrEqual(9);
  expect(new Set(hooks.map(({ dialect }) => dialect))).toEqual(new Set([agent]));
});

test('overwrites nothing, and then writes nothing', async () => {
  home.write('guards/sql.py', 'mine');
  const { code, stderr } = await home.call('init');
  expect([code, stderr]).toEqual([64, expect.stringContaining('sql.py is there already')]);
  expect(home.tree()).toEqual({ guards: '', 'guards/sql.py': 'mine' });
});

test.each([
  [['init', 'none'], 'There is no folder'],
  [['init', '.', 'x'], 'Unexpected argument "x"'],
  [['init', '--agent', 'vim'], 'There is no agent "vim"'],
])('%j is refused: %s', async (args, text) => {
  const { code, stderr } = await home.call(...args);
  expect([code, stderr]).toEqual([64, expect.stringContaining(text)]);
});
