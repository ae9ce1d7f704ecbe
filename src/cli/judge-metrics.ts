/** Metrics of judges. Tenants are no label: each would be a series of its own. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { CanaryOutcome } from '../outbound/judges/canary.ts';
import type { HookResult } from '../protocol/decision.ts';
import type { JudgeFacts } from '../protocol/request-facts.ts';

/** @returns the observers of the process's judges. */
export function judgeMetrics(registry: Registry) {
  const registers = [registry];
  const asked = new Counter({
    name: 'hookpool_judge_hooks_total',
    help: 'Hooks that asked a judge, by the cause of their result.',
    labelNames: ['judge', 'outcome'],
    registers,
  });
  const requests = new Counter({
    name: 'hookpool_judge_requests_total',
    help: 'Requests to judges, attempts too.',
    labelNames: ['judge'],
    registers,
  });
  const tokens = new Counter({
    name: 'hookpool_judge_tokens_total',
    help: 'Tokens as the providers count them.',
    labelNames: ['judge', 'kind'],
    registers,
  });
  const cost = new Counter({
    name: 'hookpool_judge_cost_total',
    help: "Cost by the operator's prices.",
    labelNames: ['judge'],
    registers,
  });
  const seconds = new Histogram({
    name: 'hookpool_judge_seconds',
    help: 'From the question to the verdict, with attempts and tools.',
    labelNames: ['judge'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const canaries = new Counter({
    name: 'hookpool_judge_canaries_total',
    help: 'Questions that the judge must reject, by how it answered: right, wrong, none.',
    labelNames: ['judge', 'outcome'],
    registers,
  });
  const spent = ({ judge, ...facts }: JudgeFacts) => {
    requests.inc({ judge }, facts.attempts);
    tokens.inc({ judge, kind: 'input' }, facts.inputTokens);
    tokens.inc({ judge, kind: 'cached-input' }, facts.cachedTokens);
    tokens.inc({ judge, kind: 'output' }, facts.outputTokens);
    cost.inc({ judge }, facts.cost ?? 0);
  };
  return {
    onAsked: (facts: JudgeFacts, { cause }: Pick<HookResult, 'cause'>): void => {
      const { judge } = facts;
      asked.inc({ judge, outcome: cause.kind === 'fail-mode' ? cause.code : cause.kind });
      spent(facts);
      seconds.observe({ judge }, facts.totalMs / 1000);
    },
    onCanary: (facts: JudgeFacts, outcome: CanaryOutcome): void => {
      canaries.inc({ judge: facts.judge, outcome });
      spent(facts);
    },
  };
}
