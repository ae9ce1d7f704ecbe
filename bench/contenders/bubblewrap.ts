/**
 * Starts bubblewrap for each hook: it has namespaces, but no limits on memory, CPU or processes.
 */
import { programOf } from '../machine.ts';
import { outputOf, runChild } from './child.ts';
import type { Contender } from './contender.ts';

const sandbox = [
  ...['--unshare-all', '--die-with-parent', '--new-session'],
  ...[
    '--ro-bind',
    '/',
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--tmpfs',
    '/tmp',
    '--chdir',
    '/tmp',
  ],
];

export async function openBubblewrap(): Promise<Contender> {
  await outputOf('bwrap', ...sandbox, 'true');
  return {
    name: 'bubblewrap',
    call: ({ interpreter, script }, context) =>
      runChild('bwrap', [...sandbox, programOf(interpreter), '-c', script], context),
  };
}
