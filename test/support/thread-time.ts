/** CPU time of a thread, which excludes the time of other processes on a busy machine. */
import { readFileSync } from 'node:fs';

/**
 * CPU time of the calling thread in milliseconds if the system reports it (Linux), else of the
 * process. The precision is some microseconds: the kernel updates the thread's sum when the
 * process's sum is read, and otherwise only at its ticks of 4 ms.
 */
export function threadMs(): number {
  const { user, system } = process.cpuUsage();
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return (user + system) / 1_000;
  }
}
