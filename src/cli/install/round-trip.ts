/** Starts the line of an agent as the agent does, with a harmless event. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { JsonObject } from '../../protocol/json.ts';

export interface RoundTrip {
  readonly ms: number;
  /** Why there was no decision; undefined: there was one. */
  readonly problem: string | undefined;
}

/** Above the bridge's own 25 s. */
const longestMs = 30_000;

/** @param folder the project, in which the agent starts its hooks. */
export async function roundTrip(
  command: string,
  context: JsonObject,
  folder: string,
): Promise<RoundTrip> {
  const startedAt = performance.now();
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: folder,
    stdio: 'pipe',
    timeout: longestMs,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify({ cwd: folder, ...context }));
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ?? String(code)));
  });
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const ms = performance.now() - startedAt;
  return { ms, problem: problemOf(stdout + stderr, end) };
}

/** A block is a decision too. */
function problemOf(said: string, end: string): string | undefined {
  const [none] = /hookpool has no decision: [^"\n]*|hookpool hook: [^\n]*/.exec(said) ?? [];
  if (none !== undefined) return none;
  return end === '0' || end === '2' ? undefined : `it ended with ${end}: ${said.slice(0, 200)}`;
}
