/** Which jobs a worker runs, refuses and puts back. */
import { DelayedError, UnrecoverableError } from 'bullmq';
import { describe, expect, it, vi } from 'vitest';
import type { FailureCode } from '../../src/protocol/failure-codes.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { traceOption } from '../../src/queue/trace-option.ts';
import { scriptNameOf } from '../../src/redis/keys.ts';
import { toRunMessage } from '../../src/wire/run-message.ts';
import { exited } from '../protocol/samples.ts';
import { sampleJob } from '../support/queue-job.ts';
import { rig, useRig } from './worker-rig.ts';

useRig();

const runMessage = toRunMessage(
  {
    tenant: 'a',
    isolation: 'tenant',
    request: {
      runtime: 'bash',
      script: Buffer.from('exit 0'),
      stdin: Buffer.from(''),
      limits: { timeoutMs: 1_000, stdoutBytes: 1, stderrBytes: 1 },
    },
  },
  1_000,
);

describe('a job', () => {
  it('is run, and whoever waits hears of the result before BullMQ does', async () => {
    rig.open();
    const returned = await rig.give({ ageMs: 50 });
    expect(returned).toMatchObject({ decision: 'block', durations: { queueMs: 50 } });
    expect([rig.redis.log, rig.ends]).toEqual([[`1\n${JSON.stringify({ returned })}`], ['done']]);
  });

  it.each([
    ['done', 0],
    ['expired', 4_000],
  ])('that ends as %s is reported with the trace beside its data', async (end, ageMs) => {
    rig.open();
    const traceId = 'a'.repeat(32);
    const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`;
    await rig.give({ ageMs, opts: traceOption({ traceparent, traceId }) });
    await rig.give({ ageMs });
    expect([rig.ends, rig.traces]).toEqual([
      [end, end],
      [traceId, undefined],
    ]);
  });

  it('whose result cannot be told has it all the same', async () => {
    const errors: Error[] = [];
    rig.open({ onError: (error) => errors.push(error) });
    rig.redis.publish = () => Promise.reject(new Error('Connection is closed.'));
    expect(await rig.give()).toMatchObject({ decision: 'block' });
    expect(errors.length).toBe(1);
  });

  it('that is none fails, and whoever waits hears of it', async () => {
    rig.open();
    await expect(rig.give({ data: { v: 9 } })).rejects.toThrow(UnrecoverableError);
    expect(rig.redis.log[0]).toMatch(/^1\n\{"failedReason":"INVALID_JOB: /);
  });

  it('whose budget passed in line is EXPIRED and not run', async () => {
    rig.open({ execute: () => expect.unreachable() });
    expect(await rig.give({ ageMs: 4_000 })).toMatchObject({
      cause: { code: 'EXPIRED' },
      durations: { queueMs: 4_000 },
    });
    expect(rig.ends).toEqual(['expired']);
  });

  it('has of its budget what the line has left', async () => {
    rig.openHolding();
    const answer = rig.give({ ageMs: 3_000 });
    await vi.advanceTimersByTimeAsync(999);
    expect(rig.ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await answer;
    expect(rig.ends).toEqual(['done']);
  });

  it('from a sender who did not say for how long it is kept ends two hours later', async () => {
    rig.open();
    await rig.give({ opts: { removeOnComplete: {} } });
    expect(rig.redis.log[0]).toBe('pexpire {hookpool}:hooks:1 7200000');
  });

  it('of a bare script is refused where the worker runs none', async () => {
    rig.open();
    await expect(rig.give({ data: runMessage })).rejects.toThrow(/^INVALID_JOB: /);
  });
});

describe('a job goes back into the line', () => {
  it('when its tenant has all places but one; another tenant finds that one', async () => {
    rig.openHolding();
    const answers = [rig.give(), rig.give()];
    await vi.advanceTimersByTimeAsync(0);
    await expect(rig.give()).rejects.toThrow(DelayedError);
    expect([rig.ends, rig.delays.length]).toEqual([['put-back'], 1]);
    answers.push(rig.give({ tenant: 'b' }));
    await vi.advanceTimersByTimeAsync(0);
    expect([rig.running.length, rig.worker.stats().running]).toEqual([3, 3]);
    for (const end of rig.running) end();
    await Promise.all(answers);
    expect(rig.worker.stats().running).toBe(0);
  });

  it('when a pause began as BullMQ took it, for 20 ms or a quarter of what it has left', async () => {
    rig.open({ held: true });
    await expect(rig.give()).rejects.toThrow(DelayedError);
    expect(rig.delays).toEqual([20]);
    await expect(rig.give({ budgetMs: 40 })).rejects.toThrow(DelayedError);
    expect(rig.delays).toEqual([10]);
    expect(rig.redis.log, 'nobody is told of it').toEqual([]);
  });

  it('while its script waits for a trial, and leaves its place', async () => {
    rig.open();
    const { runtime, source } = sampleJob().hook.action.script;
    rig.hear({ quarantined: [scriptNameOf('a', { runtime, source })] });
    rig.redis.answer = () => ['wait', 100, 1];
    await expect(rig.give()).rejects.toThrow(DelayedError);
    expect([rig.delays[0], rig.worker.stats().running]).toEqual([expect.closeTo(100, -2), 0]);
  });
});

it('a proven script whose trial comes too late is refused, and leaves its place', async () => {
  rig.open({ execute: () => expect.unreachable() });
  rig.hear({ quarantined: [scriptNameOf('a', sampleJob().hook.action.script)] });
  rig.redis.answer = () => ['wait', 60_000, 2];
  expect(await rig.give()).toMatchObject({ cause: { code: 'QUARANTINED' } });
  expect([rig.ends, rig.worker.stats().running]).toEqual([['quarantined'], 0]);
});

/** A worker on which all jobs of tenant a end with the code. */
function openFailing(code: FailureCode): void {
  rig.open({
    execute: async ({ dialect, hook, tenant }) =>
      decide(dialect, hook, tenant === 'a' ? { code, message: 'why' } : exited(2, '', 'no')),
  });
}

it('a tenant whose workspace is gone does not keep the jobs of another one from the worker', async () => {
  openFailing('WORKSPACE_FAILED');
  for (let job = 0; job < 3; job++)
    expect(await rig.give()).toMatchObject({ cause: { code: 'WORKSPACE_FAILED' } });
  expect(rig.bulls[0]?.calls).toEqual([]);
  expect(await rig.give({ tenant: 'b' })).toMatchObject({
    cause: { kind: 'exit-code' },
    durations: { queueMs: 0 },
  });
});

it('an engine that creates no container pauses the worker for all tenants', async () => {
  openFailing('CREATE_FAILED');
  expect(await rig.give()).toMatchObject({ cause: { code: 'CREATE_FAILED' } });
  expect(rig.bulls[0]?.calls).toEqual(['pause']);
  await expect(rig.give({ tenant: 'b' })).rejects.toThrow(DelayedError);
});
