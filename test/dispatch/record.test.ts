import { expect, it, vi } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { DecisionRecord, EvaluationKey } from '../../src/dispatch/record.ts';
import { Content } from '../../src/protocol/content.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import type { CommandJob, RunCall } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from '../protocol/samples.ts';

const request = {
  dialect: azure,
  hooks: [sampleHook()],
  context: bytes('{"hook_event_name":"PreToolUse","tool_name":"Bash"}'),
  evaluationId: 'e-1',
  deadlineMs: 300,
};
const says = (reason: string) => async (job: CommandJob) =>
  decide(job.dialect, job.hook, exited(2, '', reason));

class MemoryRecord implements DecisionRecord {
  readonly #decisions = new Map<string, Decision>();
  readonly keys: EvaluationKey[] = [];

  async find(key: EvaluationKey) {
    return this.#decisions.get(key.evaluationId);
  }

  async claim(key: EvaluationKey, decision: Decision) {
    this.keys.push(key);
    const stored = this.#decisions.get(key.evaluationId) ?? decision;
    this.#decisions.set(key.evaluationId, stored);
    return stored;
  }
}

it('the first decision stands for calls at the same time and for later ones, which run nothing', async () => {
  const record = new MemoryRecord();
  const [first, second] = await Promise.all([
    evaluate(request, says('one'), { record }),
    evaluate(request, says('two'), { record }),
  ]);
  expect(second).toBe(first);
  const run = vi.fn(says('three'));
  expect(await evaluate(request, run, { record })).toBe(first);
  expect(run).not.toHaveBeenCalled();
  const names = { tenant: 'default', evaluationId: 'e-1', event: 'PreToolUse' };
  expect(record.keys[0]).toEqual({
    ...names,
    context: request.context,
    content: new Content(request.context),
  });
});

it('without an id nothing is recorded', async () => {
  const record = new MemoryRecord();
  await evaluate({ ...request, evaluationId: undefined }, says('one'), { record });
  expect(record.keys).toEqual([]);
});

it.each([
  ['hangs', () => new Promise<never>(() => undefined)],
  ['fails', () => Promise.reject(new Error('down'))],
])('a record that %s leaves the local decision, in time', async (_, answer) => {
  const started = performance.now();
  const decision = await evaluate(request, says('local'), {
    record: { find: answer, claim: answer },
  });
  expect(decision.reason).toBe('local');
  expect(performance.now() - started).toBeLessThan(380);
});

it('with a record that hangs and a hook that hangs, the answer is there by the deadline', async () => {
  const hang = () => new Promise<never>(() => undefined);
  const started = performance.now();
  const decision = await evaluate(
    { ...request, hooks: [sampleHook({ failMode: 'block' })] },
    hang,
    {
      record: { find: hang, claim: hang },
    },
  );
  expect(decision).toMatchObject({ decision: 'block', cause: { code: 'DEADLINE' } });
  expect(performance.now() - started).toBeLessThan(400);
});

it('the runner hears the id, the time that is left and the priority', async () => {
  const calls: (RunCall | undefined)[] = [];
  const run = async (job: CommandJob, _: AbortSignal, call?: RunCall) => {
    calls.push(call);
    return decide(job.dialect, job.hook, exited(0));
  };
  await evaluate({ ...request, priority: 'urgent' }, run);
  await evaluate({ ...request, evaluationId: undefined }, run);
  expect(calls[0]).toMatchObject({ evaluationId: 'e-1', priority: 'urgent' });
  expect(calls[0]?.budgetMs).toBeLessThanOrEqual(300);
  expect(calls[0]?.budgetMs).toBeGreaterThan(200);
  expect(calls[1]).toMatchObject({ priority: 'normal' });
  expect(calls[1]?.evaluationId).toMatch(/^[0-9a-f-]{36}$/);
});

it.each(['', 'a b', 'é', 'x'.repeat(201)])('the id %j is refused', async (evaluationId) => {
  await expect(evaluate({ ...request, evaluationId }, says(''))).rejects.toMatchObject({
    code: 'INVALID_USAGE',
  });
});

it('hooks of urgent tiers are urgent, whoever asks', async () => {
  const priorities: unknown[] = [];
  const hooks = [sampleHook({ name: 'a' }), sampleHook({ name: 'b', tier: 'system' })];
  await evaluate({ ...request, hooks, urgentTiers: ['system'] }, async (job, _, call) => {
    priorities.push([job.hook.name, call?.priority]);
    return decide(job.dialect, job.hook, exited(0));
  });
  expect(priorities).toEqual([
    ['b', 'urgent'],
    ['a', 'normal'],
  ]);
});
