import { homedir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/command.ts';
import { readWorkspaces, workspaceOption } from '../../src/cli/workspace-option.ts';
import { workspaceFolder } from '../support/workspace-folder.ts';

const made = workspaceFolder();
afterAll(() => made.remove());

function read(...folders: string[]) {
  const argv = folders.flatMap((folder) => ['--workspace', folder]);
  const said: string[] = [];
  const args = parseArguments({ options: workspaceOption }, argv);
  const workspaces = readWorkspaces(args, { err: (text) => void said.push(text) });
  return { roots: workspaces?.roots.map((root) => root.path), said };
}

it('without a folder there are no workspaces', () => {
  expect(read()).toEqual({ roots: undefined, said: [] });
});

it('each folder is a root', () => {
  const folders = [made.folder('a'), made.folder('b')];
  expect(read(...folders)).toEqual({ roots: folders, said: [] });
});

it('one that cannot be a root is refused', () => {
  expect(() => read('/proc')).toThrow('--workspace: /proc cannot be one');
});

it('the home folder is a root with a warning', () => {
  const { said } = read(homedir());
  expect(said).toEqual([expect.stringContaining(`holds the home folder ${homedir()}`)]);
  // `HOME/*` is each folder in it, but the star of the folder above stands for all of it.
  expect(read(`${homedir()}/*`).said).toHaveLength(1);
  const above = path.dirname(homedir());
  if (above !== '/') expect(read(above).said).toHaveLength(1);
});
