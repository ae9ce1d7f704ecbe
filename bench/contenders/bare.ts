/** The usual way of agents: the script runs as a child process of Node, without a sandbox. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Guard, guards, nodeGuard } from '../guards.ts';
import { programOf } from '../machine.ts';
import { runChild } from './child.ts';
import type { Contender, Surroundings } from './contender.ts';

export async function openBare({ folder }: Pick<Surroundings, 'folder'>): Promise<Contender> {
  const fileOf = ({ hookset }: Guard) => path.join(folder, hookset);
  for (const guard of [...guards, nodeGuard]) await writeFile(fileOf(guard), guard.script);
  return {
    name: 'bare spawn',
    call: (guard, context) => runChild(programOf(guard.interpreter), [fileOf(guard)], context),
  };
}
