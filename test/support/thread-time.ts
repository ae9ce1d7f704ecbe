/** How long a thread has worked, which does not count what other processes of a busy machine take. */
import { readFileSync } from 'node:fs';

/**
 * CPU time of the calling thread in milliseconds, where the system tells it (Linux), else of the process. Precise to
 * some microseconds: the kernel brings its sum up to date when it is asked for that of the process, and at its ticks of
 * 4 ms otherwise.
 */
export function threadMs(): number {
  const { user, system } = process.cpuUsage();
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return (user + system) / 1_000;
  }
}
