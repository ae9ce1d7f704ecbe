import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleCommand } from '../../src/cli/bundle.ts';
import { Arguments, type Io } from '../../src/cli/command.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  mkdirSync(path.join(folder, '.claude'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Bundles a file of Claude Code with these commands at Stop. */
async function bundle(commands: readonly string[], options: Readonly<Record<string, unknown>>) {
  const file = path.join(folder, '.claude', 'settings.json');
  const hooks = commands.map((command) => ({ type: 'command', command }));
  writeFileSync(file, JSON.stringify({ hooks: { Stop: [{ hooks }] } }));
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
  } as unknown as Io;
  await bundleCommand.run(new Arguments(options, [file]), io);
  return { out: out.join(''), err: err.join('') };
}

const claude = { dialect: 'claude-code' };

test('a hook that cannot run goes along, with a warning on stderr', async () => {
  const { out, err } = await bundle(['exit 0', 'npx prettier'], claude);
  expect(err).toMatch(/settings\.json:1:\d+: warning: npx is not in/);
  const { hooks } = parseHooksFile('b', out, claude);
  expect(hooks.map(({ hook }) => hook.action.kind)).toEqual(['command', 'unsupported']);
});

test('a hook that only this machine can run refuses the file', async () => {
  const script = path.join(folder, 'guard.sh');
  writeFileSync(script, '#!/bin/bash\nexit 2\n', { mode: 0o755 });
  await expect(bundle([script], claude)).rejects.toThrow(
    'names a file by a path that only this machine has',
  );
});

test('of a folder with several scripts each is to be bundled by itself; one alone is', async () => {
  const scripts = path.join(folder, '.clinerules', 'hooks');
  mkdirSync(scripts, { recursive: true });
  const out: string[] = [];
  const io = { out: (text: string) => void out.push(text), err: () => {} } as unknown as Io;
  const run = () => bundleCommand.run(new Arguments({}, [scripts]), io);
  writeFileSync(path.join(scripts, 'PreToolUse'), '#!/bin/bash\nexit 2\n', { mode: 0o755 });
  expect(await run()).toBe(0);
  expect(JSON.parse(out.join(''))).toMatchObject({
    dialect: 'cline',
    path: '.clinerules/hooks/PreToolUse',
  });
  writeFileSync(path.join(scripts, 'TaskStart'), '#!/bin/bash\n', { mode: 0o755 });
  await expect(run()).rejects.toMatchObject({
    code: 'INVALID_USAGE',
    message: expect.stringContaining(`bundle of its own: hookpool bundle ${scripts}/PreToolUse`),
  });
});

test('--fail-mode is kept in the document for hooks that say none', async () => {
  const { out } = await bundle(['exit 0'], { ...claude, 'fail-mode': 'block' });
  expect(JSON.parse(out).failMode).toBe('block');
  const [loaded] = parseHooksFile('b', out, claude).hooks;
  expect(loaded?.hook).toMatchObject({ failMode: 'block' });
  expect(loaded?.hook.failModeIsDefault).toBeUndefined();
});
