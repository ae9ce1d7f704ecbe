/** What a call of a hook or a script comes to, with a line that only answers what the test says. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { failed, type Outcome } from '../../src/queue/outcome.ts';
import { openQueueRunner, QueueRunner } from '../../src/queue/queue-runner.ts';
import type { JobMessage } from '../../src/wire/job-message.ts';
import { toResultMessage } from '../../src/wire/result-message.ts';
import { exited } from '../protocol/samples.ts';
import { bashHook, never, sampleJob } from '../support/queue-job.ts';
import { FakeLine } from './fake-line.ts';

const line = new FakeLine();

vi.mock('../../src/queue/queue-client.ts', () => ({
  get QueueClient() {
    return line.client();
  },
}));

const job = sampleJob();
const good = () => ({
  returned: toResultMessage(job, decide(job.dialect, job.hook, exited(2, '', 'no'))),
});

const call = { evaluationId: 'e', budgetMs: 4_000, priority: 'normal' } as const;
let runner: QueueRunner;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(line, new FakeLine());
  runner = new QueueRunner({ redis: { url: 'redis://unused' } });
});

afterEach(() => void vi.useRealTimers());

/**
 * @returns the codes with which a hook ended, `undefined` for an answer of its own, and how often
 * it was tried
 */
async function endOf(
  ...outcomes: (() => Outcome | Promise<Outcome>)[]
): Promise<[string | undefined, number]> {
  line.outcomes = outcomes;
  const { cause } = await runner.run(job, never, call);
  return [cause.kind === 'fail-mode' ? cause.code : undefined, line.sent.length];
}

describe('a hook', () => {
  it('that a worker ran has the decision of the worker', async () => {
    line.outcomes = [good];
    expect(await runner.run(job, never, call)).toMatchObject({
      decision: 'block',
      reason: 'no',
      cause: { kind: 'exit-code' },
    });
  });

  it('is sent with what it belongs to, and a budget of its own where it belongs to nothing', async () => {
    line.outcomes = [good];
    const trace = { traceparent: 'p', traceId: 't' };
    await runner.run(job, never, { ...call, priority: 'urgent', trace });
    await runner.run(job, never);
    expect(line.sent.map((sent) => sent.trace)).toEqual([trace, undefined]);
    const [first, second] = line.sent.map(({ name, message, priority }) => ({
      name,
      priority,
      ...(message as JobMessage),
    }));
    expect(first).toMatchObject({
      name: 'guard',
      evaluationId: 'e',
      attempt: 1,
      priority: 'urgent',
      budgetMs: 4_000,
    });
    expect(second?.priority).toBe('normal');
    expect(second?.evaluationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second?.budgetMs).toBeGreaterThan(job.hook.timeoutMs);
  });

  it('has an id of its own beside a namesake that the worker decides otherwise', async () => {
    line.outcomes = [good];
    const twins = [
      {},
      { failMode: 'allow' },
      { tier: 'global' },
      { timeoutMs: 9_000 },
      { strictOutput: true },
    ] as const;
    for (const twin of twins)
      await runner.run(
        sampleJob({ hook: bashHook('exit 0', { failMode: 'block', ...twin }) }),
        never,
        call,
      );
    expect(new Set(line.sent.map(({ id }) => id)).size).toBe(twins.length);
  });

  it('has one id for equal work, and another for each attempt, context, tenant and script', async () => {
    line.outcomes = [() => failed('NO_WORKER', ''), good];
    for (const one of [
      job,
      job,
      sampleJob({ context: Buffer.from('{}') }),
      sampleJob({ tenant: 'b' }),
    ])
      await runner.run(one, never, call);
    line.outcomes = [() => failed('ENGINE_DOWN', ''), good];
    await runner.run(job, never, call);
    const ids = line.sent.map(({ id }) => id);
    expect([ids[0] === ids[1], ids[0] === ids[4], new Set(ids).size]).toEqual([true, true, 4]);
  });

  it.each([
    'QUEUE_UNAVAILABLE',
    'WORKER_LOST',
    'SHUTTING_DOWN',
    'ENGINE_DOWN',
    'ENGINE_TIMEOUT',
    'IMAGE_MISSING',
    'IMAGE_MISMATCH',
    'PROFILE_MISSING',
    'WORKSPACE_FAILED',
  ] as const)('that %s left without a run is tried once more', async (code) => {
    expect(await endOf(() => failed(code, 'why'), good)).toEqual([undefined, 2]);
    line.sent = [];
    expect(await endOf(() => failed(code, 'why'))).toEqual([code, 2]);
  });

  it.each([
    'DEADLINE',
    'OVERLOADED',
    'NO_WORKER',
    'QUARANTINED',
    'SANDBOX_LOST',
    'EXPIRED',
    'INTERNAL',
  ] as const)('that %s left without a run is not tried again', async (code) => {
    expect(await endOf(() => failed(code, 'why'), good)).toEqual([code, 1]);
  });

  it('of which its worker says that its engine failed is tried once more', async () => {
    const down = { code: 'ENGINE_DOWN', message: 'no engine' } as const;
    const answered = () => ({
      returned: toResultMessage(job, decide(job.dialect, job.hook, down)),
    });
    expect(await endOf(answered, good)).toEqual([undefined, 2]);
  });

  it('whose worker was lost is run apart; after any other failure it is not', async () => {
    await endOf(() => failed('WORKER_LOST', ''), good);
    await endOf(() => failed('ENGINE_DOWN', ''), good);
    expect(line.sent.map(({ apart }) => apart)).toEqual([false, true, false, false]);
  });

  it('gives its second attempt what is left, after half of it at most for the connection to come back', async () => {
    const late = (ms: number) => () => {
      vi.advanceTimersByTime(ms);
      return failed('QUEUE_UNAVAILABLE', '');
    };
    await endOf(late(3_000), good);
    await endOf(late(100), good);
    expect(line.sent.map(({ message }) => message.budgetMs)).toEqual([4_000, 1_000, 4_000, 3_900]);
    expect(line.waits).toEqual([500, 1_000]);
  });

  it.each([
    [3_949, 2],
    [3_950, 1],
  ])('of which %i of 4,000 ms have passed is tried %i times', async (ms, times) => {
    const [, tried] = await endOf(() => {
      vi.advanceTimersByTime(ms);
      return failed('ENGINE_DOWN', '');
    }, good);
    expect(tried).toBe(times);
  });

  it('is not tried again for a caller who has left, or where the line is closed', async () => {
    line.outcomes = [() => failed('ENGINE_DOWN', '')];
    await runner.run(job, AbortSignal.abort(), call);
    line.closed = true;
    await runner.run(job, never, call);
    expect(line.sent.length).toBe(2);
  });

  it.each([
    ['nothing', undefined],
    ['a result of tomorrow', { v: 2 }],
    ['the result of another hook', { ...good().returned, hook: 'other' }],
  ])('of which a worker returns %s is INTERNAL', async (_, returned) => {
    expect(await endOf(() => ({ returned }))).toEqual(['INTERNAL', 1]);
  });

  it('that has no state gets none from a worker; one that has gets what it left', async () => {
    const left = { pack: Buffer.from('left'), leftOut: 0 };
    const result = decide(job.dialect, job.hook, exited(2, '', 'no'));
    line.outcomes = [() => ({ returned: toResultMessage(job, { ...result, state: left }) })];
    const asked = [job, { ...job, state: new Uint8Array(0) }];
    const states = await Promise.all(
      asked.map(async (one) => (await runner.run(one, never, call)).state),
    );
    expect(states).toEqual([undefined, expect.objectContaining({ leftOut: 0 })]);
  });

  it('that cannot be put into a message is answered all the same', async () => {
    const result = await runner.run(sampleJob({ context: Buffer.from([0xff]) }), never, call);
    expect([result.decision, result.cause]).toMatchObject(['block', { code: 'INVALID_JOB' }]);
    expect(line.sent).toEqual([]);
  });
});

describe('at the start', () => {
  it('a runner is there when Redis is', async () => {
    expect(await openQueueRunner({ redis: { url: 'redis://unused' } })).toBeInstanceOf(QueueRunner);
    expect(line.closed).toBe(false);
  });

  it('without Redis it is QUEUE_UNAVAILABLE, and nothing stays open', async () => {
    line.isReady = false;
    await expect(openQueueRunner({ redis: { url: 'redis://unused' } })).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
    });
    expect(line.closed).toBe(true);
  });
});
