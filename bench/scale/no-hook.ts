/** What stands for a run where only the way to it is measured. */

import type { HookResult } from '../../src/protocol/decision.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';

/** As if the script had ended with 0 and said nothing. */
export async function runNothing({ dialect, hook }: CommandJob): Promise<HookResult> {
  return decide(dialect, hook, { ...emptyRun('exited'), exitCode: 0 });
}
