/** Finds the sandboxes of the tests: other workers may use the same engine at the same time. */
import os from 'node:os';
import type { ContainerSummary, Engine } from '../../src/sandbox/engine.ts';
import { reap } from '../../src/sandbox/reaper.ts';
import { ownerLabel, sandboxLabel } from '../../src/sandbox/spec.ts';

export async function ownSandboxes(engine: Engine, pid: number): Promise<ContainerSummary[]> {
  const all = await engine.list(`${sandboxLabel}=1`);
  return all.filter((one) => one.labels[ownerLabel] === `${os.hostname()}:${pid}`);
}

/** Sandboxes of this host whose worker is dead. */
export async function abandoned(engine: Engine): Promise<ContainerSummary[]> {
  const all = await engine.list(`${sandboxLabel}=1`);
  return all.filter((one) => {
    const owner = one.labels[ownerLabel] ?? '';
    if (!owner.startsWith(`${os.hostname()}:`)) return false;
    return !isAlive(Number(owner.slice(owner.lastIndexOf(':') + 1)));
  });
}

/** What `list` finds and still finds after `graceMs`, because removals take time. */
export async function lasting(
  list: () => Promise<ContainerSummary[]>,
  graceMs = 5_000,
): Promise<ContainerSummary[]> {
  const until = performance.now() + graceMs;
  let left = await list();
  while (left.length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = await list();
  }
  return left;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Removes containers that killed processes had created and not started, as the next worker on their
 * host does.
 */
export async function removeAbandoned(engine: Engine): Promise<void> {
  await reap(engine, Date.now() + 3_000);
}
