/**
 * Processes, mounts and control groups of this host, which a test that ends an engine cleans up.
 */
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

export function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export function pidsOf(matches: (commandLine: string, pid: number) => boolean): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((pid) => matches(commandOf(pid), pid));
}

/** Mounts below the folder, innermost first. */
export function mountsBelow(folder: string): string[] {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return points.filter((point) => point.startsWith(`${folder}/`)).reverse();
}

/** Cgroups with this name: one in every hierarchy of cgroup v1, a single one for v2. */
export function cgroupsNamed(name: string): string[] {
  const root = '/sys/fs/cgroup';
  const hierarchies = [root, ...folders(root)];
  return hierarchies
    .map((hierarchy) => path.join(hierarchy, name))
    .filter((folder) => folders(path.dirname(folder)).includes(folder));
}

export function removeCgroup(folder: string): void {
  for (const inner of folders(folder)) removeCgroup(inner);
  rmdirSync(folder);
}

function folders(parent: string): string[] {
  const entries = readdirSync(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(parent, name));
}
