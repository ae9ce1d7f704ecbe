/** Tells the script of a job with a state where to keep it. */
import type { RunRequest } from '../protocol/run.ts';
import { startedWith } from '../protocol/workspace-start.ts';

/** STATE_DIR of the supervisor (paths.h), which exists in jobs with a state only. */
const stateFolder = '/tmp/.hookpool-state';

/** The variable is no part of every job's environment: most jobs keep nothing. */
export function withStateFolder(request: RunRequest): RunRequest {
  const { runtime, script, state } = request;
  if (state === undefined) return request;
  const source = Buffer.from(script).toString();
  const started = startedWith({ HOOKPOOL_STATE: stateFolder }, { runtime, source });
  return { ...request, script: Buffer.from(started) };
}
