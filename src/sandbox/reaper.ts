/**
 * Removes sandboxes that no worker will remove. A sandbox whose worker died ends by itself: its
 * stdin closes, and without pings its supervisor exits after 15 s. Left over are containers that
 * were created but not started, have ended but are not removed, are paused, or are older than any
 * sandbox may get. If the worker was a process of this host, the reaper sees at once that it has
 * ended.
 */
import os from 'node:os';
import type { ContainerSummary } from './engine.ts';
import { ownerLabel, sandboxLabel } from './spec.ts';

export interface ReaperEngine {
  list(label: string): Promise<ContainerSummary[]>;
  remove(id: string): Promise<void>;
}

/** A healthy sandbox is started milliseconds after its creation; a slow engine has this long. */
const unstartedMs = 60_000;
/** The same limit when the worker that created the sandbox is gone and no process will start it. */
const abandonedMs = 2_000;
/** Greatest age (10 min) + longest job (10 min) + slack. */
const ancientMs = 25 * 60_000;

/** Returns why a container should be removed, undefined when it may stay. */
export function reapReason(
  container: ContainerSummary,
  nowMs: number,
  isGone = ownerIsGone,
): string | undefined {
  const ageMs = nowMs - container.createdAtMs;
  if (container.state === 'created' && ageMs > abandonedMs && isGone(container.labels[ownerLabel]))
    return 'abandoned';
  if (ageMs > ancientMs) return 'older than any sandbox gets';
  if (ageMs <= unstartedMs || container.state === 'running') return undefined;
  return container.state;
}

/**
 * One pass over all sandboxes of this engine, of any worker.
 * @returns the ids that were removed.
 */
export async function reap(engine: ReaperEngine, nowMs: number): Promise<string[]> {
  const doomed = (await engine.list(`${sandboxLabel}=1`)).filter(
    (one) => reapReason(one, nowMs) !== undefined,
  );
  const ends = await Promise.allSettled(doomed.map((one) => engine.remove(one.id)));
  return doomed.filter((_, index) => ends[index]?.status === 'fulfilled').map((one) => one.id);
}

/** Returns true when the owner was a process of this host that has ended. */
function ownerIsGone(owner: string | undefined): boolean {
  const [, host, pid] = /^(.+):(\d+)$/.exec(owner ?? '') ?? [];
  if (host !== os.hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
