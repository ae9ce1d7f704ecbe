/** `--local`: the hooks run here, in a sandbox that is made for this one event. */

import { answerDecision } from '../../answering/answer-decision.ts';
import type { Answer } from '../../answering/answer-for.ts';
import { readConfig } from '../../config.ts';
import { evaluate } from '../../dispatch/dispatcher.ts';
import { InvalidHooksError } from '../../files/hooks-file.ts';
import { execute } from '../../sandbox/execute.ts';
import { openPool } from '../../sandbox/open-pool.ts';
import { dialectOf, readHookFiles } from '../load-hooks.ts';
import { poolOptions } from '../pool-options.ts';
import type { HookOptions } from './options.ts';

export interface LocalAnswer {
  readonly answer: Answer;
  /** The sandbox is being removed; nobody has to wait for it. */
  readonly closing: Promise<void>;
}

/** The scripts are not parsed beforehand, which would need a sandbox more: one that does not parse ends with an exit code. */
export async function answerLocally(options: HookOptions, context: Buffer, deadlineAt: number): Promise<LocalAnswer> {
  const { dialect, agent, project } = options;
  const { sets, problems } = await readHookFiles(options.local, { dialect, agent, project });
  if (problems.length > 0) throw new InvalidHooksError(problems);
  const config = readConfig();
  const pool = openPool({ ...poolOptions(config), warm: 0 });
  try {
    const request = {
      dialect: dialectOf(sets),
      hooks: sets.flatMap((set) => set.hooks.map(({ hook }) => hook)),
      context,
      event: options.event,
      tenant: options.tenant,
      isolation: config.isolation,
      deadlineMs: Math.max(1, deadlineAt - performance.now() - wayOutMs),
    };
    const decision = await evaluate(request, (job, signal) => execute(pool, job, signal));
    return { answer: answerDecision(options.dialect, decision, context), closing: pool.drain() };
  } catch (error) {
    await pool.drain();
    throw error;
  }
}

/** For the answer to be put into words and written. */
const wayOutMs = 100;
