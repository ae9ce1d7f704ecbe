/**
 * Asks a judge a question that it must reject, beside those of hooks. A gateway may change the model
 * behind an address, or answer in its place: a judge that approves such a question is asked nothing
 * more until it rejects one.
 */
import type { JudgeFacts } from '../../protocol/request-facts.ts';
import { untilStopped } from '../stop.ts';
import { distrusted } from './ask-error.ts';
import { type Asking, requireAwake } from './ask-judge.ts';
import type { CanaryOutcome } from './canary.ts';
import { askKnown, harmful, readAnswer } from './known-question.ts';
import { sharedName } from './shared-place.ts';
import { Tally } from './tally.ts';

export interface CanaryAsking extends Asking {
  /** Told of each such question, what it cost, and how it was answered. */
  readonly onCanary?: ((facts: JudgeFacts, outcome: CanaryOutcome) => void) | undefined;
}

const timeoutMs = 60_000;

/**
 * Counts a hook before its judge is asked. Nobody waits, but after a wrong answer: then a right one
 * has to come first.
 * @throws AskError `JUDGE_UNAVAILABLE` while there is none, or the signal's reason.
 */
export async function requireTrust(asking: CanaryAsking): Promise<void> {
  const { judge, tenant, signal } = asking;
  const { canary } = judge;
  if (canary === undefined) return;
  const isDue = canary.count();
  if (canary.isTrusted) {
    if (isDue) void canary.run(() => outcomeOf(asking));
    return;
  }
  // No kept answer either while it rests: it may be one that the judge should not have given.
  requireAwake(judge, tenant);
  const outcome = await untilStopped(
    signal,
    canary.run(() => outcomeOf(asking)),
  );
  if (outcome === 'right') return;
  throw distrusted(judge);
}

/**
 * Nobody's budget pays, because the operator asks, and it takes from the first half of the places.
 * Never rejects.
 */
async function outcomeOf(asking: CanaryAsking): Promise<CanaryOutcome> {
  const { judge, version, network, firstWaitMs, planned, places, onRest, onCanary } = asking;
  const tally = new Tally(judge, '');
  const own: Asking = {
    ...{ version, network, firstWaitMs, planned, places, judge, tally, tenant: '', share: 0.5 },
    isCanary: true,
    endsAt: performance.now() + timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
  };
  const outcome = await answered(own);
  onCanary?.(tally.facts(), outcome);
  if (outcome === 'wrong') {
    const restMs = judge.circuit.refused();
    places?.rest(sharedName(judge), restMs);
    onRest?.(judge.name, restMs, 'it did not reject what it must reject');
  }
  return outcome;
}

async function answered(asking: Asking): Promise<CanaryOutcome> {
  try {
    const answer = await askKnown(asking, harmful());
    const { verdict } = readAnswer(asking.judge.entry, answer);
    if (answer.end === 'cut' || verdict === undefined) return 'none';
    return verdict.decision === 'block' ? 'right' : 'wrong';
  } catch {
    return 'none';
  }
}
