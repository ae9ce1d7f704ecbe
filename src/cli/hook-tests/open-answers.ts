/** Where the answers of judges and services come from, as the options of the command say. */
import { InvalidInputError } from '../../errors.ts';
import { MemorySpending } from '../../outbound/judges/spending.ts';
import type { Pool } from '../../sandbox/pool.ts';
import { runInProject } from '../../sandbox/run-in-project.ts';
import type { Workspaces } from '../../sandbox/workspace/workspaces.ts';
import type { Arguments } from '../command.ts';
import { projectsOf } from '../judges.ts';
import { readJudges } from '../judges-file.ts';
import { readOutbound } from '../targets-file.ts';
import { Recordings } from './recordings.ts';
import type { AnswerSource } from './run-case.ts';

/**
 * @throws InvalidInputError `INVALID_CONFIG` where real ones are wanted and none is configured, or
 * a file of the operator cannot be used.
 */
export async function openAnswers(
  args: Arguments,
  pool: Pick<Pool, 'acquire'>,
  workspaces: Workspaces | undefined,
): Promise<AnswerSource> {
  const base = {
    recordings: new Recordings(),
    // A judge that answered with a use of a tool uses it again in a replay.
    runScript: (script, signal) => runInProject(pool, script, signal, workspaces),
    projectOf: projectsOf(workspaces),
  } satisfies Partial<AnswerSource>;
  const mode = args.flag('record') ? 'record' : args.flag('live') ? 'live' : 'replay';
  if (mode === 'replay') return { ...base, mode };
  const [opened, outbound] = [await readJudges(), await readOutbound()];
  if (opened === undefined && outbound === undefined)
    throw new InvalidInputError(
      'INVALID_CONFIG',
      `--${mode} asks real judges and services: set HOOKPOOL_JUDGES_FILE or HOOKPOOL_TARGETS_FILE.`,
    );
  const limits = opened?.settings.limits?.perTenant;
  return {
    ...{ ...base, mode, judges: opened?.judges, outbound, tenant: args.text('tenant') },
    spending: limits === undefined ? undefined : new MemorySpending(limits),
  };
}
