/** Prompt and agent hooks and their jobs, for tests of messages and of the outbound queue. */
import { azure } from '../../src/agents/azure/dialect.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import type { Job } from '../../src/protocol/job.ts';
import type { JudgeAction } from '../../src/protocol/judge-action.ts';
import type { JudgeFacts } from '../../src/protocol/request-facts.ts';
import { bytes, sampleHook } from '../protocol/samples.ts';

export interface JudgeHookChanges extends Partial<Omit<Hook, 'action'>> {
  readonly action?: Partial<JudgeAction>;
}

export function judgeHook({ action, ...over }: JudgeHookChanges = {}): Hook<JudgeAction> {
  return {
    ...sampleHook({ name: 'gate', event: 'Stop', timeoutMs: 5_000, failMode: 'block', ...over }),
    action: {
      ...{ kind: 'prompt', prompt: 'Is it fine? $ARGUMENTS', tools: [], maxTurns: 10 },
      ...{ settings: {}, ...action },
    },
  };
}

export function judgeJob(over: Partial<Job<JudgeAction>> = {}): Job<JudgeAction> {
  return {
    dialect: azure,
    hook: judgeHook(),
    tenant: 'acme',
    isolation: 'tenant',
    context: bytes('{"final_output":"done"}'),
    transcript: undefined,
    ...over,
  };
}

/** What a judge was asked. @param calls 0: nothing. */
export function judgeFacts(calls: number): JudgeFacts {
  return {
    ...{ judge: 'fast', host: 'judge.test', model: null, calls, attempts: calls, statuses: [] },
    ...{ inputTokens: 0, cachedTokens: 0, outputTokens: 0, cost: null, spentUnknown: 0 },
    ...{ promptSha256: 'a'.repeat(64), requestIds: [], tools: [], totalMs: 1 },
  };
}
