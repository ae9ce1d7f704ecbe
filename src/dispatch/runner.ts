/** Chooses the runner of a job by the kind of its hook's action. */
import type { Action, UnsupportedAction } from '../protocol/action.ts';
import type { Failure, HookResult } from '../protocol/decision.ts';
import type { HttpAction } from '../protocol/http-action.ts';
import type { CommandJob, Job, RunCall } from '../protocol/job.ts';
import type { JudgeAction } from '../protocol/judge-action.ts';
import { decide } from '../protocol/verdict/decide.ts';

/**
 * Runs one command to its result: execute() in this process, or the queue. Resolves also when the
 * sandbox failed; rejects only for a bug.
 */
export type Runner = (job: CommandJob, signal: AbortSignal, call?: RunCall) => Promise<HookResult>;

/** Runs one job of any kind; otherwise as Runner. */
export type JobRunner = (job: Job, signal: AbortSignal, call?: RunCall) => Promise<HookResult>;

/** Makes the request of one http hook; otherwise as Runner. */
export type HttpRunner = (
  job: Job<HttpAction>,
  signal: AbortSignal,
  call?: RunCall,
) => Promise<HookResult>;

/** Asks the judge of one prompt or agent hook; otherwise as Runner. */
export type JudgeRunner = (
  job: Job<JudgeAction>,
  signal: AbortSignal,
  call?: RunCall,
) => Promise<HookResult>;

/** One runner for each supported kind of action. */
export interface Runners {
  readonly command: Runner;
  /** Absent: no target is configured, and http hooks count as their failMode. */
  readonly http?: HttpRunner | undefined;
  /** Absent: no judge is configured, and prompt and agent hooks count as their failMode. */
  readonly judge?: JudgeRunner | undefined;
}

const noTargets: Failure = {
  code: 'HOOK_TYPE_UNSUPPORTED',
  message:
    'This is an http hook, and this process makes no requests: HOOKPOOL_TARGETS_FILE names the targets of a process without a queue.',
};

const noJudges: Failure = {
  code: 'HOOK_TYPE_UNSUPPORTED',
  message:
    'This hook asks a model, and this process asks none: HOOKPOOL_JUDGES_FILE names the judges of a process without a queue.',
};

/**
 * Returns a runner for jobs of any kind: it uses the runner of the kind, or the hook's failMode
 * where there is none.
 */
export function runnerByKind(runners: Runners): JobRunner {
  return async (job, signal, call) => {
    const { action } = job.hook;
    switch (action.kind) {
      case 'command':
        return runners.command(withAction(job, action), signal, call);
      case 'http':
        return runners.http === undefined
          ? decide(job.dialect, job.hook, noTargets)
          : runners.http(withAction(job, action), signal, call);
      case 'prompt':
      case 'agent':
        return runners.judge === undefined
          ? decide(job.dialect, job.hook, noJudges)
          : runners.judge(withAction(job, action), signal, call);
      case 'unsupported':
        return decide(job.dialect, job.hook, unsupported(action));
    }
  };
}

/** Narrows the type of a job; the caller has checked the kind of its hook's action. */
function withAction<A extends Action>(job: Job, _action: A): Job<A> {
  return job as Job<A>;
}

function unsupported({ type, reason }: UnsupportedAction): Failure {
  const isRun = type === 'command' || type === 'callable';
  const code = isRun ? 'HOOK_UNSUPPORTED' : 'HOOK_TYPE_UNSUPPORTED';
  return { code, message: reason };
}
