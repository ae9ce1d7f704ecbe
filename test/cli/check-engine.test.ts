/** What a check and doctor say where no engine answers. */
import { expect, test } from 'vitest';
import { hookpoolHere } from '../support/cli-here.ts';
import { workspaceFolder } from '../support/workspace-folder.ts';

const nowhere = { DOCKER_HOST: 'unix:///nonexistent.sock' };
const hooks = { PreToolUse: [{ name: 'guard', matcher: '*', script: 'exit 0' }] };

async function check(options: readonly string[], content: object = { hooks }) {
  const made = workspaceFolder();
  const file = made.file('hooks.json', JSON.stringify(content));
  try {
    return await hookpoolHere(['check', ...options, file], '', nowhere);
  } finally {
    made.remove();
  }
}

test('a check without an engine tells what it found, and that no sandbox parsed the scripts', async () => {
  const { code, stdout, stderr } = await check([]);
  expect([code, stdout.split('\n').at(-2)]).toEqual([0, 'ok, scripts not parsed (ENGINE_DOWN)']);
  expect(stdout).toMatch(/^PreToolUse +guard /m);
  expect(stderr).toMatch(/^note: no sandbox parsed the scripts: No container engine answers .*\n$/);
});

test('a check without an engine finds what is wrong without one', async () => {
  const { code, stdout, stderr } = await check([], {
    hooks: { ...hooks, Stop: [{ x: 1, script: 'exit 0' }] },
  });
  expect([code, stdout]).toEqual([64, expect.stringMatching(/^1 problem$/m)]);
  expect(stderr).toContain('Unknown key "x"');
});

test('--json has what was left out, with the code of the reason', async () => {
  const leftOut = async (...options: string[]) =>
    JSON.parse((await check(['--json', ...options])).stdout).leftOut;
  expect(await leftOut()).toEqual([
    { what: 'syntax', code: 'ENGINE_DOWN', message: expect.stringContaining('DOCKER_HOST') },
  ]);
  expect(await leftOut('--static')).toEqual([{ what: 'syntax', code: '--static' }]);
});

test('nothing is left out of a file without scripts', async () => {
  const { stdout, stderr } = await check(['--sandbox'], {
    hooks: { Stop: [{ type: 'http', url: 'https://x.example/' }] },
  });
  expect(stdout).toMatch(/^ok\b(?!.*not parsed)/m);
  expect(stderr).not.toContain('note:');
});

test('--sandbox demands an engine, and is refused with --static', async () => {
  const { code, stdout, stderr } = await check(['--sandbox']);
  expect([code, stdout, stderr]).toEqual([75, '', expect.stringContaining('(ENGINE_DOWN)')]);
  expect(await check(['--sandbox', '--static'])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('exclude each other'),
  });
});

test('doctor says once what to do', async () => {
  const { code, stdout } = await hookpoolHere(['doctor'], '', nowhere);
  expect([code, stdout]).toEqual([75, expect.stringMatching(/^fail +engine +No container engine/)]);
  expect(stdout.match(/start/gi)).toHaveLength(1);
});
