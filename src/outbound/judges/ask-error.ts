/** Why a question to a judge has no answer. */
import type { Failure, HookError } from '../../protocol/decision.ts';
import type { Judge } from './judges.ts';

export class AskError extends Error {
  readonly problem: HookError | Failure;

  constructor(problem: HookError | Failure) {
    super(problem.message);
    this.problem = problem;
  }
}

/** The problem of a judge that has approved what it must reject. */
export function distrusted({ name }: Judge): AskError {
  return problem(
    'JUDGE_UNAVAILABLE',
    `The judge ${name} did not reject a question that it must reject: it is not asked until it does.`,
  );
}

/** The problem of an answer that is none. */
export function malformed(what: string): AskError {
  return problem('JUDGE_ANSWER_MALFORMED', `The judge's answer cannot be used: ${what}.`);
}

export function problem(code: (HookError | Failure)['code'], message: string): AskError {
  return new AskError({ code, message } as HookError | Failure);
}
