/** `docker exec` for each hook, into one container that is kept. Nothing is cleaned between hooks. */
import { outputOf, runChild } from './child.ts';
import type { Contender, Surroundings } from './contender.ts';
import { commandOf, dockerFlags } from './limits.ts';

export async function openDockerExec({ image, closers }: Surroundings): Promise<Contender> {
  // cat waits for the end of stdin, which nobody closes.
  const printed = await outputOf('docker', 'run', '--detach', '--rm', ...dockerFlags, '--entrypoint', 'cat', image);
  const container = printed.trim();
  closers.add(() => outputOf('docker', 'rm', '--force', container));
  return {
    name: 'docker exec',
    call: (guard, context) => runChild('docker', ['exec', '--interactive', container, ...commandOf(guard)], context),
  };
}
