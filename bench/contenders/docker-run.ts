/** Starts `docker run --rm` for each hook. */
import { outputOf, runChild } from './child.ts';
import type { Contender, Surroundings } from './contender.ts';
import { commandOf, dockerFlags } from './limits.ts';

export async function openDockerRun({ image }: Surroundings): Promise<Contender> {
  await outputOf('docker', 'version');
  return {
    name: 'docker run --rm',
    call: (guard, context) => {
      const [interpreter = '', ...args] = commandOf(guard);
      return runChild(
        'docker',
        ['run', '--rm', ...dockerFlags, '--entrypoint', interpreter, image, ...args],
        context,
      );
    },
  };
}
