/** The control groups of a container as the host shows them: what a job cannot talk its way around. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = '/sys/fs/cgroup';

/** Where engines put a container: the cgroupfs and the systemd driver, version 1 (by controller) and 2. */
function folderOf(id: string, controller: string): string | undefined {
  const places = [`docker/${id}`, `system.slice/docker-${id}.scope`];
  const hierarchies = [path.join(root, controller), root];
  return hierarchies.flatMap((hierarchy) => places.map((place) => path.join(hierarchy, place))).find((one) => existsSync(one));
}

function numberIn(folder: string | undefined, names: readonly string[]): number | undefined {
  for (const name of folder === undefined ? [] : names) {
    try {
      const text = readFileSync(path.join(folder ?? '', name), 'utf8').trim();
      if (/^\d+$/.test(text)) return Number(text);
    } catch {
      // Not in this version, or the container is gone.
    }
  }
  return undefined;
}

/** Tasks, threads included, that the container has now; undefined where it is gone or cannot be seen. */
export function tasksOf(id: string): number | undefined {
  return numberIn(folderOf(id, 'pids'), ['pids.current']);
}

/** The most bytes of memory that the container ever had. */
export function memoryPeakOf(id: string): number | undefined {
  return numberIn(folderOf(id, 'memory'), ['memory.max_usage_in_bytes', 'memory.peak']);
}
