/**
 * The limits that the container contenders set: those of hookpool's sandboxes, as closely as each
 * contender supports.
 */
import { defaultLimits } from '../../src/sandbox/spec.ts';
import type { Guard } from '../guards.ts';

export const { memoryBytes, pids } = defaultLimits;
/** The user `nobody` in every image. */
export const user = '65534:65534';

/** For `docker run` and `docker create`. */
export const dockerFlags = [
  ...[
    '--interactive',
    '--network',
    'none',
    '--read-only',
    '--tmpfs',
    '/tmp',
    '--user',
    user,
    '--cap-drop',
    'ALL',
  ],
  ...[
    '--security-opt',
    'no-new-privileges',
    '--memory',
    String(memoryBytes),
    '--memory-swap',
    String(memoryBytes),
  ],
  ...['--pids-limit', String(pids), '--cpus', '1', '--log-driver', 'none'],
] as const;

/** Passes the script as an argument, so that the engine needs access to no file. */
export function commandOf({ interpreter, script }: Guard): string[] {
  return [interpreter, '-c', script];
}
