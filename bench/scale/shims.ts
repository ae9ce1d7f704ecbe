/** The process that the engine keeps beside each container, outside of the container's cgroup. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Memory of the shims of these containers (ids or their prefixes) in bytes, with shared memory
 * divided; 0 without shims.
 */
export function shimBytes(containers: readonly string[]): number {
  const mine = pids().filter((pid) => {
    const command = read(`/proc/${pid}/cmdline`);
    return command.includes('shim') && containers.some((id) => command.includes(id));
  });
  return mine.reduce((sum, pid) => sum + pssBytes(pid), 0);
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function pssBytes(pid: string): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** Returns an empty text for a process that has ended or belongs to another user. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
