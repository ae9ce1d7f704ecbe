/**
 * Runs one job on this machine: lease -> run -> decide. What the script does is a value in the
 * result; when no sandbox could run it, the hook's failMode decides.
 */

import { type Durations, failureOf, type HookResult } from '../protocol/decision.ts';
import type { CommandJob } from '../protocol/job.ts';
import { defaultRunLimits, type RunRequest } from '../protocol/run.ts';
import { kindOf, type SandboxKind } from '../protocol/sandbox-kind.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { startedBeside, startedIn } from '../protocol/workspace-start.ts';
import { brokeSandbox, failedOnWrite, insteadOf, leastLeftMs } from './in-copy.ts';
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
  const run = async (source: string, timeoutMs: number, before = noTimes): Promise<HookResult> => {
    const request: RunRequest = {
      runtime: script.runtime,
      script: Buffer.from(source),
      stdin: job.context,
      transcript: job.transcript,
      bundle: script.bundle,
      state: job.state,
      limits: { ...defaultRunLimits, timeoutMs },
    };
    const ran = await runScript(pool, { tenant, isolation, kind, request }, signal);
    const { state, wallMs } = ran.run;
    const times = durations(before.leaseMs + ran.leaseMs, before.runMs + wallMs);
    const result = decide(dialect, hook, ran.run, times);
    return { ...result, ranIn: ran.ranIn, ...(state === undefined ? {} : { state }) };
  };
  try {
    const source = place === undefined ? script.source : startedIn(place, script);
    const first = await run(source, hook.timeoutMs);
    const leftMs = hook.timeoutMs - first.durations.runMs;
    if (place === undefined || leftMs < leastLeftMs || !failedOnWrite(hook, first)) return first;
    const again = run(startedBeside(place.workspace, script), leftMs, first.durations);
    return await again.then(
      (second) => insteadOf(first, second),
      (error: unknown) => {
        if (brokeSandbox(error)) throw error;
        return first;
      },
    );
  } catch (error) {
    return decide(dialect, hook, failureOf(error), durations(0, 0));
  }
}

const noTimes: Pick<Durations, 'leaseMs' | 'runMs'> = { leaseMs: 0, runMs: 0 };

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
