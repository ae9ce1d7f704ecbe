/**
 * Shadow hooks: they run and are recorded with what they would have decided, and nobody hears them.
 * They start when the event is decided, so that they take no sandbox and no time from the hooks
 * that are heard; the agent never waits for them, nor for a context that they alone read.
 */
import {
  type Decision,
  type DecisionKind,
  type Failure,
  failureOf,
  type HookResult,
} from '../protocol/decision.ts';
import type { Job } from '../protocol/job.ts';
import { timeLimits } from '../protocol/limits.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { type BackgroundHooks, startInBackground } from './background.ts';
import type { Shadow } from './chain.ts';
import type { Evaluation } from './prepare.ts';
import type { JobRunner } from './runner.ts';

/**
 * What a shadow hook said beside the decision that was made. `agreed`: the same, where allow and
 * none are one. `stricter`, `milder`: it alone would have been. `failed`: it gave no decision.
 */
export const agreements = ['agreed', 'stricter', 'milder', 'failed'] as const;
export type Agreement = (typeof agreements)[number];

/** The cause of a hook that does not run; its result is dropped. */
const unmet: Failure = { code: 'INTERNAL', message: 'The condition does not hold.' };

const strictness: Readonly<Record<DecisionKind, number>> = { block: 2, ask: 1, allow: 0, none: 0 };

export function agreementOf(
  { decision, cause }: Pick<HookResult, 'decision' | 'cause'>,
  made: DecisionKind,
): Agreement {
  if (cause.kind === 'fail-mode') return 'failed';
  const more = strictness[decision] - strictness[made];
  if (more === 0) return 'agreed';
  return more > 0 ? 'stricter' : 'milder';
}

/** Milliseconds until the last of these hooks has ended; 0 for none. */
export function longestOf(jobs: readonly Job[]): number {
  return Math.max(0, ...jobs.map(({ hook }) => hook.timeoutMs + timeLimits.slackMs));
}

/**
 * Starts the shadow hooks of a decided event.
 * @returns their results, which are there when `background` is closed.
 */
export function startShadows(
  { request, call }: Pick<Evaluation, 'request' | 'call'>,
  background: BackgroundHooks,
  shadows: readonly Shadow[],
  run: JobRunner,
  decision: Decision,
): readonly HookResult[] {
  const results: HookResult[] = [];
  for (const { job, piped } of shadows) {
    let isMet = true;
    const onUnmet = () => {
      isMet = false;
    };
    const runOwn = piped === undefined ? run : onPiped(run, piped, onUnmet);
    request.onShadowStart?.();
    startInBackground(background, job, call, runOwn, (result) => {
      if (!isMet) return request.onShadowUnmet?.();
      const unheard: HookResult = { ...result, heard: false };
      results.push(unheard);
      request.onShadowEnd?.(unheard, job.hook, decision);
    });
  }
  return results;
}

/** Runs a hook on a context that is made first, in the time of the hook. */
function onPiped(
  run: JobRunner,
  piped: () => Promise<Job | undefined>,
  onUnmet: () => void,
): JobRunner {
  return async (job, signal, call) => {
    const own = await piped().catch(failureOf);
    if (own === undefined) onUnmet();
    if (own === undefined || 'code' in own) return decide(job.dialect, job.hook, own ?? unmet);
    return run(own, signal, call);
  };
}
