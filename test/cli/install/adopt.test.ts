/** `hookpool adopt`: guards go behind the bridge and come back, whatever else the file has. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MadeUpHome } from '../../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
  home.write('.claude/hooks/guard.py', 'import sys\nsys.exit(2)\n');
});
afterEach(() => home.remove());

const file = '.claude/settings.json';
const guards = '.claude/hookpool-guards.json';
const guard = { type: 'command', command: 'python3 .claude/hooks/guard.py', timeout: 5 };
const formatter = { type: 'command', command: 'npx prettier --write .' };
const notice = { type: 'command', command: 'echo done' };
const settings = `{
\t// the team's
\t"permissions": {"allow": ["Read"]},
\t"hooks": {
\t\t"PreToolUse": [
\t\t\t{ "matcher": "Bash", "hooks": [ ${JSON.stringify(guard)}, ${JSON.stringify(formatter)} ] }, // both
\t\t\t{ "matcher": "Write", "hooks": [ ${JSON.stringify(guard)} ] }
\t\t],
\t\t"SessionEnd": [ { "hooks": [ ${JSON.stringify(notice)} ] } ]
\t}
}`;
const adopt = (...more: readonly string[]) => home.call('adopt', file, ...more);

test('moves the guards that run here, tells why others stay, and brings all back', async () => {
  home.write(file, settings);
  const tree = home.tree();
  const { code, stdout, stderr } = await adopt();
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^stays: PreToolUse \S+ npx[\s\S]*\nstays: SessionEnd .*only watches\.\n$|^stays: PreToolUse .*\nstays: SessionEnd .*only watches\.\n$/,
  );
  expect(stdout).toMatch(
    /^--- \.claude\/settings\.json\n[\s\S]*\n--- \/dev\/null\n\+\+\+ \.claude\/hookpool-guards\.json/,
  );
  expect(stdout).toContain('hookpool bundle --dialect claude-code');
  const after = home.read(file);
  expect(after).toContain('// both');
  expect(after).toContain(JSON.stringify(formatter));
  expect(after).not.toContain('guard.py');
  expect(after).toContain('--dialect claude-code --hookset guard');
  expect(JSON.parse(home.read(guards))).toEqual({
    hooks: {
      PreToolUse: [
        { matcher: 'Bash', hooks: [guard] },
        { matcher: 'Write', hooks: [guard] },
      ],
    },
  });
  const again = await adopt();
  expect([again.code, again.stderr]).toEqual([64, expect.stringContaining('already')]);
  const remove = await home.call('install', 'claude-code', '--remove');
  expect([remove.code, remove.stderr]).toEqual([
    64,
    expect.stringContaining('--revert brings them back'),
  ]);
  expect((await adopt('--revert')).code).toBe(0);
  expect(home.tree()).toEqual(tree);
});

test('of a file without other hooks leaves the bridge alone in its list', async () => {
  home.write(
    file,
    JSON.stringify({ hooks: { PreToolUse: [{ matcher: '*', hooks: [guard] }] } }, null, 2),
  );
  expect((await adopt('--local')).code).toBe(0);
  const { hooks } = JSON.parse(home.read(file)) as { hooks: { PreToolUse: unknown[] } };
  expect(hooks.PreToolUse).toHaveLength(1);
  expect(JSON.stringify(hooks)).toContain(`--local ${home.project}/${guards}`);
});

test('changes nothing with --dry-run', async () => {
  home.write(file, settings);
  const tree = home.tree();
  expect((await adopt('--dry-run')).stdout).toContain('+++ .claude/hookpool-guards.json');
  await adopt();
  const adopted = home.tree();
  expect((await adopt('--revert', '--dry-run')).stdout).toContain('guard.py');
  expect(home.tree()).toEqual(adopted);
  await adopt('--revert');
  expect(home.tree()).toEqual(tree);
});

test('leaves a file that was changed since, and guards that were', async () => {
  home.write(file, settings);
  await adopt();
  const adopted = home.read(file);
  home.write(file, `${adopted}\n`);
  const { code, stderr } = await adopt('--revert');
  expect([code, stderr]).toEqual([64, expect.stringMatching(/changed since[\s\S]*copy/)]);
  home.write(file, adopted);
  home.write(guards, '{}');
  expect((await adopt('--revert')).stderr).toContain('was changed since, and stays');
  expect([home.read(file), home.read(guards)]).toEqual([settings, '{}']);
});

test('where hooks run in order, a guard before a hook that stays stays too', async () => {
  const hook = (bash: string) => ({ type: 'command', bash });
  const hooks = { preToolUse: [hook('grep -q rm && exit 2'), hook('npx x'), hook('exit 0')] };
  home.write('.github/hooks/a.json', JSON.stringify({ version: 1, hooks }));
  const { code, stderr } = await home.call('adopt', '.github/hooks/a.json');
  expect([code, stderr]).toEqual([0, expect.stringContaining('runs after it, and stays')]);
  const left = JSON.parse(home.read('.github/hooks/a.json')) as typeof hooks & {
    hooks: typeof hooks;
  };
  expect(left.hooks.preToolUse.slice(0, 2)).toEqual(hooks.preToolUse.slice(0, 2));
  expect(JSON.stringify(left.hooks.preToolUse[2])).toContain('--event preToolUse');
  expect(JSON.parse(home.read('.github/hookpool-guards.json'))).toEqual({
    version: 1,
    hooks: { preToolUse: [hook('exit 0')] },
  });
});

test('moves nothing where nothing can', async () => {
  home.write(file, JSON.stringify({ hooks: { SessionEnd: [{ hooks: [notice] }] } }));
  expect(await adopt()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('no hook can move'),
  });
});

test.each<[string, string, string]>([
  ['hooks.yaml', 'hooks: { Stop: [{ script: exit 0 }] }\n', "only an agent's settings in JSON"],
  [
    '.codex/config.toml',
    '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "true"\n',
    'is TOML',
  ],
  [file, '{"hooks": ', 'settings.json:1'],
])('refuses %s', async (name, text, problem) => {
  home.write(name, text);
  const { code, stderr } = await home.call('adopt', name);
  expect([code, stderr]).toEqual([64, expect.stringContaining(problem)]);
  expect(home.read(name)).toBe(text);
});

test.each([
  [[], 'Name one FILE'],
  [['none.json'], 'There is no file'],
  [['none.json', '--revert'], 'was not adopted on this machine'],
])('%j is refused: %s', async (args, text) => {
  const { code, stderr } = await home.call('adopt', ...args);
  expect([code, stderr]).toEqual([64, expect.stringContaining(text)]);
});
