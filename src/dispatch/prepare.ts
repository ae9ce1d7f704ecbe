/** Checks a request and selects its hooks. */
import { InvalidInputError } from '../errors.ts';
import type { Context } from '../protocol/context.ts';
import type { Diagnostic } from '../protocol/decision.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';
import {
  defaultTenant,
  evaluationIdPattern,
  plainNamePattern,
  timeLimits,
} from '../protocol/limits.ts';
import { readsTranscript } from '../protocol/transcript-use.ts';
import type { EventJob } from './chain.ts';
import type { CallBasis } from './deadline.ts';
import type { EvaluationKey } from './record.ts';
import type { EvaluateRequest } from './request.ts';
import { selectHooks } from './select.ts';

/**
 * Part of the caller's time that is reserved for the answer itself: combining, recording and
 * sending it, and a timer that fires late. From the timer to the caller it took 1 to 19 ms on two
 * idle cores, and 20 to 120 ms under a load of 12.
 */
const maxReserveMs = 50;
/** A validated request. */
export interface Evaluation {
  readonly request: EvaluateRequest;
  readonly context: Context;
  readonly job: EventJob;
  readonly hooks: readonly Hook[];
  /** Diagnostics of the selection of the hooks. */
  readonly diagnostics: readonly Diagnostic[];
  readonly unmet: ReadonlySet<Hook>;
  readonly started: number;
  readonly budgetMs: number;
  /** Set where the caller gave an evaluationId. */
  readonly key: EvaluationKey | undefined;
  readonly call: CallBasis;
}

export function prepare(request: EvaluateRequest, context: Context, started: number): Evaluation {
  const { dialect } = request;
  const tenant = checkTenant(request.tenant ?? defaultTenant);
  const named = checkEvaluationId(request.evaluationId);
  const { hooks, unmet, diagnostics } = selectHooks(
    dialect,
    request.hooks,
    context,
    new Set(request.active),
    request.selection,
  );
  const { event, content, transcript } = context;
  const heard = hooks.filter(isHeard);
  // To ask for it takes time of the agent, so a shadow hook does not.
  if (request.offersTranscript === true && heard.some(readsTranscript)) {
    const text = 'A hook of this event reads the transcript: send the context again, with it.';
    throw new InvalidInputError('TRANSCRIPT_NEEDED', text, { field: 'transcript' });
  }
  const carried = { context: content.bytes, content };
  const longestMs = heard.reduce<number>((sum, hook) => sum + hook.timeoutMs, timeLimits.slackMs);
  return {
    request,
    context,
    hooks,
    unmet,
    diagnostics: [...context.diagnostics, ...diagnostics],
    started,
    job: {
      dialect,
      tenant,
      isolation: request.isolation ?? 'tenant',
      ...carried,
      transcript,
      cwd: context.cwd ?? request.cwd,
    },
    budgetMs: budgetOf(request.deadlineMs) ?? Math.min(longestMs, timeLimits.deadlineMs),
    key: named === undefined ? undefined : { tenant, evaluationId: named, event, ...carried },
    call: {
      evaluationId: named ?? crypto.randomUUID(),
      trace: request.trace,
      priorityOf: (hook) => {
        if (!isHeard(hook)) return 'normal';
        return request.urgentTiers?.includes(hook.tier) ? 'urgent' : (request.priority ?? 'normal');
      },
    },
  };
}

function checkTenant(tenant: string): string {
  if (plainNamePattern.test(tenant)) return tenant;
  throw new InvalidInputError(
    'INVALID_USAGE',
    `tenant ${JSON.stringify(tenant)} must be 1 to 128 letters, digits, ".", "_" or "-".`,
  );
}

function checkEvaluationId(id: string | undefined): string | undefined {
  if (id === undefined || evaluationIdPattern.test(id)) return id;
  throw new InvalidInputError(
    'INVALID_USAGE',
    'evaluationId must be 1 to 200 printable ASCII characters without spaces.',
  );
}

/** Milliseconds of the caller's deadline that the evaluation may use. */
export function budgetOf(deadlineMs: number | undefined): number | undefined {
  if (deadlineMs === undefined) return undefined;
  if (deadlineMs > 0 && deadlineMs <= timeLimits.deadlineMs)
    return deadlineMs - Math.min(maxReserveMs, deadlineMs / 10);
  throw new InvalidInputError(
    'INVALID_USAGE',
    `deadlineMs is ${deadlineMs}; it must be above 0 and at most ${timeLimits.deadlineMs}.`,
  );
}
