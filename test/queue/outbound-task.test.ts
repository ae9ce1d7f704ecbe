/** What an outbound worker makes of a message, with nobody who really sends requests. */
import { UnrecoverableError } from 'bullmq';
import { expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { failureOf, type HookResult } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { type OutboundExecutor, readOutboundTask } from '../../src/queue/outbound-task.ts';
import { toOutboundMessage } from '../../src/wire/outbound-message.ts';
import { parseResultMessage } from '../../src/wire/result-message.ts';
import { bytes } from '../protocol/samples.ts';
import { httpJob } from '../support/http-job.ts';
import { judgeFacts, judgeJob } from '../support/judge-job.ts';
import { never } from '../support/queue-job.ts';

const at = '2026-11-30T12:00:00.000Z';
const job = httpJob();
const message = toOutboundMessage(job, { evaluationId: 'e', attempt: 1, at, budgetMs: 4_000 });
const how = { queueMs: 7, fresh: false };
const asked = {
  ...{ method: 'POST', host: 'policy.test', port: 443, path: '/v1/check', status: 200 },
  ...{ requestBytes: 2, responseBytes: 2, connectMs: 1, firstByteMs: 2, totalMs: 3 },
  ...{ attempts: 1, address: '192.0.2.1' },
};
const replied = (): HookResult => ({
  ...decide(job.dialect, job.hook, { reply: bytes('{}'), totalBytes: 2 }),
  asked,
});
const taskOf = (execute: OutboundExecutor, over: object = {}) =>
  readOutboundTask({ ...message, ...over }, 'w1', execute);

it('a message tells whose it is; 50 ms of its budget are for the way back, and no script is named', () => {
  const task = taskOf(async () => replied());
  expect(task).toMatchObject({ tenant: 'acme', budgetMs: 3_950, apart: false });
  expect(task.script).toBeUndefined();
});

it('a message that is none is INVALID_JOB, which only a failed job says', () => {
  expect(() => readOutboundTask({}, 'w1', () => expect.unreachable())).toThrow(UnrecoverableError);
  expect(() => readOutboundTask({}, 'w1', () => expect.unreachable())).toThrow(/^INVALID_JOB: /);
});

it('the hook gets what its request depends on, and the result names the worker', async () => {
  const calls: unknown[] = [];
  const execute: OutboundExecutor = async (_, __, call) => {
    calls.push(call);
    return replied();
  };
  const done = await taskOf(execute, { attempt: 2, priority: 'urgent' }).run(never, how);
  expect(calls).toEqual([
    { evaluationId: 'e', attempt: 2, at, priority: 'urgent', budgetMs: 3_943 },
  ]);
  expect(done).toMatchObject({ code: undefined, cancelled: false });
  expect(done.returned).toMatchObject({
    asked: { ...asked, worker: 'w1' },
    durations: { queueMs: 7 },
    facts: { status: 'replied' },
  });
});

it('what a judge was asked names the worker, and the dispatcher can read it', async () => {
  const asking = judgeJob();
  const envelope = { evaluationId: 'e', attempt: 1, at, budgetMs: 4_000 };
  const data = toOutboundMessage(asking, envelope);
  const reply = { reply: bytes('{"ok":false,"reason":"no"}'), totalBytes: 26 };
  const task = readOutboundTask(data, 'w1', async ({ dialect, hook }) => ({
    ...decide(dialect, hook, reply),
    asked: judgeFacts(1),
  }));
  const { returned } = await task.run(never, how);
  expect(parseResultMessage(JSON.parse(JSON.stringify(returned)), 'gate')).toMatchObject({
    decision: 'block',
    asked: { ...judgeFacts(1), worker: 'w1' },
  });
});

it('a hook without an answer has the code of its failure, and no request where none was sent', async () => {
  const refused = { code: 'TARGET_NOT_ALLOWED', message: 'no target' } as const;
  const task = taskOf(async (one) => decide(one.dialect, one.hook, refused));
  const done = await task.run(never, how);
  expect(done).toMatchObject({ code: 'TARGET_NOT_ALLOWED', cancelled: false });
  expect(done.returned).not.toHaveProperty('asked');
});

it('a hook that the signal ended was cancelled; one that had answered was not', async () => {
  const reason = new UnavailableError('DEADLINE', 'late');
  const ended = AbortSignal.abort(reason);
  const cut = taskOf(async (one) => decide(one.dialect, one.hook, failureOf(reason)));
  expect(await cut.run(ended, how)).toMatchObject({ code: 'DEADLINE', cancelled: true });
  expect(await taskOf(async () => replied()).run(ended, how)).toMatchObject({ cancelled: false });
});

it('a task that is not run is answered with its failure', () => {
  const task = taskOf(() => expect.unreachable());
  expect(task.refuse({ code: 'EXPIRED', message: 'late' }, 9)).toMatchObject({
    decision: 'block',
    cause: { code: 'EXPIRED' },
    durations: { queueMs: 9 },
  });
});
