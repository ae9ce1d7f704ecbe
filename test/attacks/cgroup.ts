/**
 * The control groups of a container as the host shows them: what a job cannot talk its way around.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BuiltIn } from '../../src/sandbox/image.ts';

const root = '/sys/fs/cgroup';
/**
 * Supervisor, zygote, bash and python3 that wait, and the 7 threads of a node that waits. There may be
 * fewer: no bash waits while another interpreter runs and until the next bash job, and a node that
 * starts has one task at first.
 */
export const idleTasks: Readonly<Record<BuiltIn, number>> = { small: 4, full: 4 + 7 };

/**
 * Where engines put a container: the cgroupfs and the systemd driver, version 1 (by controller) and
 * 2.
 */
function folderOf(id: string, controller: string): string | undefined {
  const places = [`docker/${id}`, `system.slice/docker-${id}.scope`];
  const hierarchies = [path.join(root, controller), root];
  return hierarchies
    .flatMap((hierarchy) => places.map((place) => path.join(hierarchy, place)))
    .find((one) => existsSync(one));
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

/**
 * Tasks, threads included, that the container has now; undefined where it is gone or cannot be
 * seen.
 */
export function tasksOf(id: string): number | undefined {
  return numberIn(folderOf(id, 'pids'), ['pids.current']);
}

/** The most bytes of memory that the container ever had. */
export function memoryPeakOf(id: string): number | undefined {
  return numberIn(folderOf(id, 'memory'), ['memory.max_usage_in_bytes', 'memory.peak']);
}

/** Bytes of memory that the container has now; undefined where it is gone or cannot be seen. */
export function memoryOf(id: string): number | undefined {
  return numberIn(folderOf(id, 'memory'), ['memory.usage_in_bytes', 'memory.current']);
}

/**
 * Processes that have ended and that nobody in the container has waited for, by their number on the
 * host.
 */
export function zombiesOf(id: string): number[] {
  const folder = folderOf(id, 'pids');
  if (folder === undefined) return [];
  const parents = new Set(linesOf(path.join(folder, 'cgroup.procs')).map(Number));
  return readdirSync('/proc').flatMap((name) => {
    const [, state, parent] = /\) (\S) (\d+) /.exec(linesOf(`/proc/${name}/stat`)[0] ?? '') ?? [];
    return state === 'Z' && parents.has(Number(parent)) ? [Number(name)] : [];
  });
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return []; // it ended meanwhile
  }
}

/** The higher one of two numbers that may not be known. */
export function highest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}
