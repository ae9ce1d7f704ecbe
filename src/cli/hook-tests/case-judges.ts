/** The judges of one run of a case: as the case says, as it was recorded, or real ones. */
import type { JudgeRunner } from '../../dispatch/runner.ts';
import { MemoryCache } from '../../outbound/judges/cache.ts';
import { JudgeHooks, type JudgeHooksOptions } from '../../outbound/judges/judge-hook.ts';
import type { Judge, Judges } from '../../outbound/judges/judges.ts';
import { version } from '../version.ts';
import { type PlannedJudges, playedJudge, standIn } from './planned-judges.ts';
import type { Replies } from './replies.ts';
import { judgeKey } from './request-key.ts';

/** The operator's judges, and what they may use. */
export interface RealJudges
  extends Pick<JudgeHooksOptions, 'runScript' | 'projectOf' | 'spending'> {
  /** Undefined: no judges file is configured. */
  readonly judges?: Pick<Judges, 'find'> | undefined;
  /** Whose judges; undefined: those of the sandboxes' tenant. */
  readonly tenant?: string | undefined;
}

/** No such key, model or address. */
const refusals = [401, 403, 404] as const;

/** Asks the judges of a case; one without an answer fails the case. */
export function caseJudges(
  planned: PlannedJudges,
  replies: Replies,
  { judges, tenant, spending, ...tools }: RealJudges = {},
): JudgeRunner {
  const cache = new MemoryCache();
  return async (job, signal, call) => {
    const { hook, dialect } = job;
    const model = hook.action.model ?? dialect.judges.model;
    const options = { version: version(), cache };
    if (Object.hasOwn(planned, model)) {
      const entry = planned[model] ?? {};
      const hooks = new JudgeHooks({
        ...{ ...options, firstWaitMs: 0, judges: { find: () => standIn(model) } },
        planned: (_, request) => playedJudge(entry, request),
      });
      return hooks.run(job, signal, call);
    }
    const isReplay = replies.mode === 'replay';
    const settings = isReplay ? await replies.judge(model) : undefined;
    const own = { ...job, tenant: tenant ?? job.tenant };
    const find = (name: string, of: string): Judge => {
      if (isReplay && settings !== undefined) return standIn(model, settings);
      if (!isReplay && judges !== undefined) return judges.find(name, of);
      throw replies.lacks(isReplay ? unsaid(model, replies.command) : noJudges(model));
    };
    if (!isReplay) replies.live.add(hook.name);
    const hooks = new JudgeHooks({
      ...{ ...options, ...tools, judges: { find } },
      ...(isReplay ? { firstWaitMs: 0 } : { spending }),
      planned: async (judge, request, live) => {
        const { entry, key } = judge;
        if (replies.mode === 'record')
          await replies.recordings.keepJudge(replies.file, model, entry);
        const secrets = key === undefined ? [] : [key];
        const known = judgeKey(model, entry.format, request.body);
        return replies.exchange({ key: known, asked: model, secrets, refusals }, request, live);
      },
    });
    return hooks.run(own, signal, call);
  };
}

function unsaid(model: string, command: string): string {
  return `The case says nothing about the judge ${model}: give its answer as judges: {"${model}": {says: ...}}, or ask it once with ${command}`;
}

function noJudges(model: string): string {
  return `No judge can be asked for ${model}: set HOOKPOOL_JUDGES_FILE, or give its answer as judges: {"${model}": {says: ...}}.`;
}
