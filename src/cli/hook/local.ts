/** `--local`: runs the hooks on this machine, in sandboxes that are created for this one event. */

import { answerDecision } from '../../answering/answer-decision.ts';
import type { Answer } from '../../answering/answer-for.ts';
import { readConfig } from '../../config.ts';
import { evaluate } from '../../dispatch/dispatcher.ts';
import type { Runner } from '../../dispatch/runner.ts';
import { InvalidHooksError } from '../../files/hooks-file.ts';
import { isHeard } from '../../protocol/hook.ts';
import { readsTranscript } from '../../protocol/transcript-use.ts';
import { execute } from '../../sandbox/execute.ts';
import { openPool } from '../../sandbox/open-pool.ts';
import { runInProject } from '../../sandbox/run-in-project.ts';
import { Workspaces } from '../../sandbox/workspace/workspaces.ts';
import { openJudges, projectsOf } from '../judges.ts';
import { dialectOf, readHookFiles } from '../load-hooks.ts';
import { openHttpHooks } from '../outbound.ts';
import { poolOptions } from '../pool-options.ts';
import { thisUser } from './environment.ts';
import type { HookOptions } from './options.ts';
import { type ReadTranscript, readTranscript } from './transcript.ts';

export interface LocalAnswer {
  readonly answer: Answer;
  /** Settles when the sandbox is removed; the answer need not wait for it. */
  readonly closing: Promise<void>;
}

/**
 * Scripts are not parsed beforehand, which would need another sandbox: a script that does not parse
 * ends with an exit code.
 */
export async function answerLocally(
  options: HookOptions,
  context: Buffer,
  deadlineAt: number,
): Promise<LocalAnswer> {
  const { dialect, agent, project, failMode } = options;
  const workspaces =
    options.workspaces.length === 0 ? undefined : new Workspaces(options.workspaces);
  const { sets, problems } = await readHookFiles(options.local, {
    dialect,
    agent,
    project,
    failMode,
    workspaces,
  });
  if (problems.length > 0) throw new InvalidHooksError(problems);
  // The process ends with the answer, and nothing would record what a shadow hook says.
  const hooks = sets.flatMap((set) => set.hooks.map(({ hook }) => hook)).filter(isHeard);
  const { bytes: transcript, problem } = hooks.some(readsTranscript)
    ? await transcriptFor(options, context)
    : {};
  const config = readConfig();
  const [http, judges] = [await openHttpHooks(), await openJudges()];
  const pool = openPool({ ...poolOptions(config), workspaces, warm: 0 });
  const judge = judges?.({
    runScript: (script, signal) => runInProject(pool, script, signal, workspaces),
    projectOf: projectsOf(workspaces),
  });
  try {
    const request = {
      dialect: dialectOf(sets),
      hooks,
      context,
      transcript,
      cwd: options.cwd ?? process.cwd(),
      event: options.event,
      tenant: options.tenant,
      isolation: config.isolation,
      deadlineMs: Math.max(1, deadlineAt - performance.now() - wayOutMs),
    };
    const run: Runner = (job, signal) => execute(pool, job, signal, workspaces);
    const decision = await evaluate(request, run, { http, judge });
    const answer = answerDecision(options.dialect, decision, context);
    const stderr = answer.stderr + (problem ?? '');
    return { answer: { ...answer, stderr }, closing: pool.drain() };
  } catch (error) {
    await pool.drain();
    throw error;
  }
}

async function transcriptFor(
  { dialect, transcriptBytes }: HookOptions,
  context: Buffer,
): Promise<ReadTranscript> {
  if (transcriptBytes === 0) return {};
  return readTranscript(dialect, context, transcriptBytes, thisUser());
}

/** Time reserved for formatting and writing the answer. */
const wayOutMs = 100;
