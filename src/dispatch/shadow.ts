/**
 * Shadow hooks: they run and are recorded with what they would have decided, and nobody hears them.
 * They start when the event is decided, so that they take no sandbox and no time from the hooks
 * that are heard; the agent never waits for them.
 */
import type { Decision, DecisionKind, HookResult } from '../protocol/decision.ts';
import type { Job } from '../protocol/job.ts';
import { timeLimits } from '../protocol/limits.ts';
import { type BackgroundHooks, startInBackground } from './background.ts';
import type { Evaluation } from './prepare.ts';
import type { JobRunner } from './runner.ts';

/**
 * What a shadow hook said beside the decision that was made. `agreed`: the same, where allow and
 * none are one. `stricter`, `milder`: it alone would have been. `failed`: it gave no decision.
 */
export const agreements = ['agreed', 'stricter', 'milder', 'failed'] as const;
export type Agreement = (typeof agreements)[number];

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
  jobs: readonly Job[],
  run: JobRunner,
  decision: Decision,
): readonly HookResult[] {
  const results: HookResult[] = [];
  for (const job of jobs) {
    request.onShadowStart?.();
    startInBackground(background, job, call, run, (result) => {
      const unheard: HookResult = { ...result, heard: false };
      results.push(unheard);
      request.onShadowEnd?.(unheard, job.hook, decision);
    });
  }
  return results;
}
