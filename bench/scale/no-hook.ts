/** Replaces the run of a hook where only the path to it is measured. */

import type { HookResult } from '../../src/protocol/decision.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';

/** Returns the result of a script with exit code 0 and no output. */
export async function runNothing({ dialect, hook }: CommandJob): Promise<HookResult> {
  return decide(dialect, hook, { ...emptyRun('exited'), exitCode: 0 });
}
