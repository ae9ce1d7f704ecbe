/**
 * Runs one job on this machine: lease -> run -> decide. What the script does is a value in the
 * result; when no sandbox could run it, the hook's failMode decides.
 */

import { type Durations, failureOf, type HookResult } from '../protocol/decision.ts';
import type { CommandJob } from '../protocol/job.ts';
import { defaultRunLimits, type RunRequest } from '../protocol/run.ts';
import { kindOf, type SandboxKind } from '../protocol/sandbox-kind.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { startedIn } from '../protocol/workspace-start.ts';
import { type LeaseSource, runScript } from './run-script.ts';
import type { Found, Workspaces } from './workspace/workspaces.ts';

/** @param workspaces the folders that hooks may read where an event is in them; undefined: none. */
export async function execute(
  pool: LeaseSource,
  job: CommandJob,
  signal: AbortSignal,
  workspaces?: Pick<Workspaces, 'find'>,
): Promise<HookResult> {
  const started = performance.now();
  const { dialect, tenant, isolation } = job;
  const found = await workspaces?.find(job.cwd);
  const { place, id } = found !== undefined && 'place' in found ? found : {};
  const hook = hookAt(job.hook, found);
  const kind: SandboxKind = { ...kindOf(hook), workspace: place?.workspace, workspaceId: id };
  const { script } = hook.action;
  const durations = (leaseMs: number, runMs: number): Durations => {
    return { queueMs: 0, leaseMs, runMs, totalMs: performance.now() - started };
  };
  const request: RunRequest = {
    runtime: script.runtime,
    script: Buffer.from(place === undefined ? script.source : startedIn(place, script)),
    stdin: job.context,
    transcript: job.transcript,
    bundle: script.bundle,
    state: job.state,
    limits: { ...defaultRunLimits, timeoutMs: hook.timeoutMs },
  };
  try {
    const { run, leaseMs, ranIn } = await runScript(
      pool,
      { tenant, isolation, kind, request },
      signal,
    );
    const { state } = run;
    const result = decide(dialect, hook, run, durations(leaseMs, run.wallMs));
    return { ...result, ranIn, ...(state === undefined ? {} : { state }) };
  } catch (error) {
    return decide(dialect, hook, failureOf(error), durations(0, 0));
  }
}

/**
 * The hook with what it lacks in its place: in a workspace no file of the project, elsewhere also
 * the reason why it has none.
 */
function hookAt(hook: CommandJob['hook'], found: Found | undefined): CommandJob['hook'] {
  const { lacksOfProject } = hook;
  if (found === undefined || lacksOfProject === undefined) return hook;
  if ('place' in found) return { ...hook, lacksOfProject: undefined };
  return { ...hook, lacksOfProject: [found.missing, ...lacksOfProject] };
}
