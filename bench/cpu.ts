/** CPU time, of the whole machine and of single processes, as the kernel counts it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const clockTicksPerSecond = 100;

/** Where the CPU time of the machine is read. Cgroups count nanoseconds, /proc/stat counts ticks. */
export function cpuSource(): { readonly name: string; readonly seconds: () => number } {
  const v1 = ['/sys/fs/cgroup/cpuacct/cpuacct.usage', '/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage'].find((file) =>
    existsSync(file),
  );
  const atRoot = /^\d+:[^:]*cpuacct[^:]*:\/$/m.test(read('/proc/self/cgroup'));
  if (v1 !== undefined && atRoot) return { name: v1, seconds: () => Number(read(v1)) / 1e9 };
  // Only the root of the hierarchy has no type: elsewhere it would be the CPU time of our own container.
  const v2 = '/sys/fs/cgroup/cpu.stat';
  if (existsSync(v2) && !existsSync('/sys/fs/cgroup/cgroup.type')) {
    return { name: v2, seconds: () => Number(/^usage_usec (\d+)/m.exec(read(v2))?.[1]) / 1e6 };
  }
  return { name: '/proc/stat', seconds: () => busySeconds(read('/proc/stat')) };
}

/** user, nice, system, irq and softirq of all CPUs; not idle, iowait and what other machines took. */
export function busySeconds(stat: string): number {
  const ticks = (stat.split('\n', 1)[0] ?? '').trim().split(/\s+/).slice(1).map(Number);
  return [0, 1, 2, 5, 6].reduce((sum, at) => sum + (ticks[at] ?? 0), 0) / clockTicksPerSecond;
}

/** Of all threads that a process has now. 0 when it is gone. */
export function processCpuSeconds(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + nanoseconds(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1e9;
  } catch {
    return 0;
  }
}

/** Memory of a process that is in RAM, in bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1]) * 1024;
}

/** A thread may end between the listing and the reading. */
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
