/**
 * Fails a test file if its tests leave a container, a process, a connection or a listener behind.
 */
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { afterAll, expect } from 'vitest';

const watched = new Set([
  'ProcessWrap',
  'TCPSocketWrap',
  'TCPServerWrap',
  'PipeWrap',
  'PipeServerWrap',
  'TLSWrap',
  'UDPWrap',
]);
/** Cleanup takes time: a killed child must be reaped, a socket must finish its close handshake. */
const graceMs = 6_000;

/**
 * Called by a set-up file, so that it runs as each test file begins: files share a process, and what
 * one of them left is told of that one alone.
 * @param containersLeft lists the sandboxes of this process that remain after their removal.
 */
export function guardLeaks(containersLeft: () => Promise<unknown[]>): void {
  // Children of the test runner itself, too.
  const childrenBefore = new Set(children());
  const handlesBefore = handles();
  const newChildren = () => childrenBeside(childrenBefore);
  const newHandles = () => handlesBeyond(handlesBefore);

  afterAll(async () => {
    const containers = await containersLeft();
    // Node keeps these connections open for the next request; they are not leaks of a test.
    http.globalAgent.destroy();
    https.globalAgent.destroy();
    const [processes, open] = await Promise.all([lasting(newChildren), lasting(newHandles)]);
    expect({ containers, processes, handles: open }, 'left behind').toEqual({
      containers: [],
      processes: [],
      handles: [],
    });
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

function childrenBeside(known: ReadonlySet<string>): string[] {
  return children()
    .filter((pid) => !known.has(pid) && !isTransformer(pid))
    .map((pid) => `${pid} ${commandOf(pid)}`);
}

/**
 * A process of tsx for a worker thread that runs from source: it ends with its thread, which can
 * then not reap it.
 */
function isTransformer(pid: string): boolean {
  return text(`/proc/${pid}/comm`).trim() === 'esbuild';
}

/**
 * Child processes of all threads. Only Linux lists them; on other systems a child is still visible
 * as ProcessWrap.
 */
function children(): string[] {
  return entries('/proc/self/task').flatMap((task) =>
    text(`/proc/self/task/${task}/children`).split(' ').filter(Boolean),
  );
}

function commandOf(pid: string): string {
  return text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() || '(ended, not reaped)';
}

/** One line per kind of handle of which more exist than when the file began. */
function handlesBeyond(known: ReadonlyMap<string, number>): string[] {
  return [...handles()].flatMap(([kind, count]) => {
    const before = known.get(kind) ?? 0;
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
