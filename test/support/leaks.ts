/** Fails the file whose tests leave something behind: a container, a process, a connection or a listener. */
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { afterAll, expect } from 'vitest';

const watched = new Set(['ProcessWrap', 'TCPSocketWrap', 'TCPServerWrap', 'PipeWrap', 'PipeServerWrap', 'TLSWrap', 'UDPWrap']);
/** What ends takes its time: a killed child is reaped, a closed socket says goodbye. */
const graceMs = 6_000;

// Of the test runner itself: taken when the file begins.
const childrenBefore = new Set(children());
const handlesBefore = handles();

/** @param containersLeft asks for sandboxes of this process; they are removed by the time it answers. */
export function guardLeaks(containersLeft: () => Promise<unknown[]>): void {
  afterAll(async () => {
    const containers = await containersLeft();
    // Kept alive by Node for the next request, not by a test.
    http.globalAgent.destroy();
    https.globalAgent.destroy();
    const [processes, open] = await Promise.all([lasting(newChildren), lasting(newHandles)]);
    expect({ containers, processes, handles: open }, 'left behind').toEqual({ containers: [], processes: [], handles: [] });
  }, graceMs * 4);
}

async function lasting(ask: () => string[]): Promise<string[]> {
  const until = performance.now() + graceMs;
  let left = ask();
  while (left.length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = ask();
  }
  return left;
}

function newChildren(): string[] {
  return children()
    .filter((pid) => !childrenBefore.has(pid) && !isTransformer(pid))
    .map((pid) => `${pid} ${commandOf(pid)}`);
}

/** tsx's, of a thread that was started from source: it ends with its thread, which is then not there to reap it. */
function isTransformer(pid: string): boolean {
  return text(`/proc/${pid}/comm`).trim() === 'esbuild';
}

/** Any thread may have started one. Only Linux tells; elsewhere a child still shows as ProcessWrap. */
function children(): string[] {
  return entries('/proc/self/task').flatMap((task) => text(`/proc/self/task/${task}/children`).split(' ').filter(Boolean));
}

function commandOf(pid: string): string {
  return text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() || '(ended, not reaped)';
}

/** One line per kind of which there are more than when the file began. */
function newHandles(): string[] {
  return [...handles()].flatMap(([kind, count]) => {
    const before = handlesBefore.get(kind) ?? 0;
    return count > before ? [`${count - before} x ${kind}`] : [];
  });
}

function handles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
