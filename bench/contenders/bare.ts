/** The usual way of agents: the script runs as a child process of Node, without a sandbox. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Guard, guards } from '../guards.ts';
import { python } from '../machine.ts';
import { runChild } from './child.ts';
import type { Contender, Surroundings } from './contender.ts';

export async function openBare({ folder }: Surroundings): Promise<Contender> {
  const fileOf = ({ hookset }: Guard) => path.join(folder, hookset);
  await Promise.all(guards.map((guard) => writeFile(fileOf(guard), guard.script)));
  return {
    name: 'bare spawn',
    call: (guard, context) =>
      runChild(guard.interpreter === 'bash' ? 'bash' : python, [fileOf(guard)], context),
  };
}
