/** CPU time, of the whole machine and of single processes, as the kernel counts it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const clockTicksPerSecond = 100;

/**
 * Selects the source of the machine's CPU time. Cgroups count nanoseconds, /proc/stat counts ticks.
 */
export function cpuSource(): { readonly name: string; readonly seconds: () => number } {
  const v1 = [
    '/sys/fs/cgroup/cpuacct/cpuacct.usage',
    '/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage',
  ].find((file) => existsSync(file));
  const atRoot = /^\d+:[^:]*cpuacct[^:]*:\/$/m.test(read('/proc/self/cgroup'));
  if (v1 !== undefined && atRoot) return { name: v1, seconds: () => Number(read(v1)) / 1e9 };
  // Only the root of the hierarchy has no type file; any other cgroup would count only the bench's
  // own container.
  const v2 = '/sys/fs/cgroup/cpu.stat';
  if (existsSync(v2) && !existsSync('/sys/fs/cgroup/cgroup.type')) {
    return { name: v2, seconds: () => Number(/^usage_usec (\d+)/m.exec(read(v2))?.[1]) / 1e6 };
  }
  return { name: '/proc/stat', seconds: () => busySeconds(read('/proc/stat')) };
}

/** Sums user, nice, system, irq and softirq of all CPUs, without idle, iowait and steal. */
export function busySeconds(stat: string): number {
  const ticks = (stat.split('\n', 1)[0] ?? '').trim().split(/\s+/).slice(1).map(Number);
  return [0, 1, 2, 5, 6].reduce((sum, at) => sum + (ticks[at] ?? 0), 0) / clockTicksPerSecond;
}

/** CPU time of all current threads of a process; 0 if the process has ended. */
export function processCpuSeconds(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return (
      threads.reduce(
        (sum, thread) => sum + nanoseconds(`/proc/${pid}/task/${thread}/schedstat`),
        0,
      ) / 1e9
    );
  } catch {
    return 0;
  }
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1]) * 1024;
}

/** Returns 0 for a thread that ended after it was listed. */
function nanoseconds(file: string): number {
  try {
    return Number(read(file).split(' ', 1)[0]);
  } catch {
    return 0;
  }
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
