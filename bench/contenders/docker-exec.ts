/**
 * Starts `docker exec` for each hook in one long-lived container. Nothing is cleaned between hooks.
 */
import { outputOf, runChild } from './child.ts';
import type { Contender, Surroundings } from './contender.ts';
import { commandOf, dockerFlags } from './limits.ts';

export async function openDockerExec({ image, closers }: Surroundings): Promise<Contender> {
  // cat waits for the end of stdin, which stays open.
  const printed = await outputOf(
    'docker',
    'run',
    '--detach',
    '--rm',
    ...dockerFlags,
    '--entrypoint',
    'cat',
    image,
  );
  const container = printed.trim();
  closers.add(() => outputOf('docker', 'rm', '--force', container));
  return {
    name: 'docker exec',
    call: (guard, context) =>
      runChild('docker', ['exec', '--interactive', container, ...commandOf(guard)], context),
  };
}
