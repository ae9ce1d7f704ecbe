/** What a call of an http hook comes to, with a line that only answers what the test says. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { OutboundRunner, openOutboundRunner } from '../../src/queue/outbound-runner.ts';
import { failed, type Outcome } from '../../src/queue/outcome.ts';
import { outboundRole } from '../../src/queue/role.ts';
import type { OutboundMessage } from '../../src/wire/outbound-message.ts';
import { toResultMessage } from '../../src/wire/result-message.ts';
import { bytes } from '../protocol/samples.ts';
import { type HttpHookChanges, httpHook, httpJob } from '../support/http-job.ts';
import { judgeFacts, judgeHook, judgeJob } from '../support/judge-job.ts';
import { never } from '../support/queue-job.ts';
import { FakeLine } from './fake-line.ts';

const line = new FakeLine();

vi.mock('../../src/queue/queue-client.ts', () => ({
  get QueueClient() {
    return line.client();
  },
}));

const job = httpJob();
const reply = { reply: bytes('{"decision":"block","reason":"no"}'), totalBytes: 34 };
const good = () => ({ returned: toResultMessage(job, decide(job.dialect, job.hook, reply)) });
const notAdded = () => ({ ...failed('QUEUE_UNAVAILABLE', 'away'), isAdded: false as const });
const call = { evaluationId: 'e', budgetMs: 4_000, priority: 'normal' } as const;
let runner: OutboundRunner;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(line, new FakeLine());
  runner = new OutboundRunner({ redis: { url: 'redis://unused' }, queue: 'q' });
});

afterEach(() => void vi.useRealTimers());

/** @returns the code with which a hook ended, `undefined` for an answer; and what was sent. */
async function endOf(
  over: HttpHookChanges,
  ...outcomes: (() => Outcome | Promise<Outcome>)[]
): Promise<readonly [string | undefined, number[]]> {
  line.outcomes = outcomes;
  const { cause } = await runner.run(httpJob({ hook: httpHook(over) }), never, call);
  const attempts = line.sent.map(({ message }) => (message as OutboundMessage).attempt);
  return [cause.kind === 'fail-mode' ? cause.code : undefined, attempts];
}

it('the line is that of the outbound workers', () => {
  expect(line.options).toMatchObject({ queue: 'q-outbound', role: outboundRole });
});

it('a hook that a worker ran has the decision of the worker', async () => {
  line.outcomes = [good];
  expect(await runner.run(job, never, call)).toMatchObject({ decision: 'block', reason: 'no' });
});

it('is sent with what it belongs to, and a budget of its own where it belongs to nothing', async () => {
  line.outcomes = [good];
  const trace = { traceparent: 'p', traceId: 't' };
  for (const given of [{ ...call, priority: 'urgent', trace } as const, undefined])
    await runner.run(job, never, given);
  const [first, second] = line.sent;
  expect(first).toMatchObject({ name: 'policy', priority: 'urgent', apart: false, trace });
  const message = { kind: 'http', evaluationId: 'e', attempt: 1, budgetMs: 4_000 };
  expect([first?.message, second?.priority]).toMatchObject([message, 'normal']);
  expect(second?.message.budgetMs).toBeGreaterThan(job.hook.timeoutMs);
});

it('has one id for equal work, and another for whatever is sent or judged otherwise', async () => {
  line.outcomes = [good];
  const jobs = [
    job,
    httpJob({ context: bytes('{}') }),
    httpJob({ tenant: 'b' }),
    ...[
      { failMode: 'allow' as const },
      { timeoutMs: 9_000 },
      { async: true },
      { action: { headers: { 'X-A': 'b' } } },
      { url: 'https://policy.test/v1/check?k=w' },
    ].map((over) => httpJob({ hook: httpHook(over) })),
  ];
  for (const one of [job, ...jobs]) await runner.run(one, never, call);
  const ids = line.sent.map(({ id }) => id);
  expect([ids[0] === ids[1], new Set(ids).size]).toEqual([true, jobs.length]);
});

describe('without an outbound worker', () => {
  it('a hook is OUTBOUND_UNAVAILABLE at once, and nothing is sent', async () => {
    line.isDeserted = true;
    expect(await endOf({}, good)).toEqual(['OUTBOUND_UNAVAILABLE', []]);
    expect(await endOf({ async: true }, good)).toEqual(['OUTBOUND_UNAVAILABLE', []]);
  });

  it('a hook whose worker was lost waits in the line for another one', async () => {
    const lost = () => {
      line.isDeserted = true;
      return failed('WORKER_LOST', '');
    };
    expect(await endOf({ action: { retries: 1 } }, lost, good)).toEqual([undefined, [1, 2]]);
    expect(line.sent.map(({ apart }) => apart)).toEqual([false, true]);
  });
});

describe('a job that Redis did not take', () => {
  it('is sent again under the same id, so that it is one job where Redis took it all the same', async () => {
    expect(await endOf({}, notAdded, good)).toEqual([undefined, [1, 1]]);
    expect(new Set(line.sent.map(({ id }) => id)).size).toBe(1);
  });

  it('is not sent a third time', async () => {
    expect(await endOf({}, notAdded)).toEqual(['QUEUE_UNAVAILABLE', [1, 1]]);
  });
});

describe.each(['WORKER_LOST', 'SHUTTING_DOWN', 'QUEUE_UNAVAILABLE'] as const)(
  'a hook that may have begun and ended with %s',
  (code) => {
    const lost = () => failed(code, '');

    it('is not sent again: its request may have had an effect', async () => {
      expect(await endOf({}, lost, good)).toEqual([code, [1]]);
    });

    it.each([
      ['it repeats requests itself', { action: { retries: 1 } }],
      ['it is async', { async: true }],
    ])('is sent to another worker once where %s', async (_, over) => {
      expect(await endOf(over, lost, good)).toEqual([undefined, [1, 2]]);
      expect(await endOf(over, lost)).toEqual([code, [1, 2, 1, 2]]);
    });
  },
);

describe('a hook with a judge', () => {
  const asking = judgeJob();
  /** @param calls questions that the worker says it asked; undefined: it says nothing. */
  const shutDown = (calls?: number) => () => {
    const ended = decide(asking.dialect, asking.hook, { code: 'SHUTTING_DOWN', message: '' });
    const asked = calls === undefined ? {} : { asked: judgeFacts(calls) };
    return { returned: toResultMessage(asking, { ...ended, ...asked }) };
  };
  const fine = () => ({
    returned: toResultMessage(asking, decide(asking.dialect, asking.hook, reply)),
  });
  const attemptsAt = async (over: Parameters<typeof judgeHook>[0], first: () => Outcome) => {
    line.sent = [];
    line.outcomes = [first, fine];
    await runner.run(judgeJob({ hook: judgeHook(over) }), never, call);
    return line.sent.map(({ message }) => (message as OutboundMessage).attempt);
  };

  it('is sent with its kind, its isolation and the transcript that its tools read', async () => {
    line.outcomes = [fine];
    const hook = judgeHook({ action: { kind: 'agent', tools: ['ReadFile'] } });
    const transcript = bytes('t');
    await runner.run(judgeJob({ hook, transcript, isolation: 'job' }), never, call);
    expect(line.sent[0]?.message).toMatchObject({
      ...{ kind: 'agent', isolation: 'job', transcript: 't' },
    });
  });

  it('has one id for equal work, and another for whatever is asked otherwise', async () => {
    line.outcomes = [fine];
    const jobs = [
      asking,
      judgeJob({ isolation: 'job' }),
      ...[{ prompt: 'Else?' }, { model: 'careful' }, { maxTurns: 9 }, { mayOverride: true }].map(
        (action) => judgeJob({ hook: judgeHook({ action }) }),
      ),
    ];
    for (const one of [asking, ...jobs]) await runner.run(one, never, call);
    const ids = line.sent.map(({ id }) => id);
    expect([ids[0] === ids[1], new Set(ids).size]).toEqual([true, jobs.length]);
  });

  it('has another id for each transcript that its tools read, and one where it has no tools', async () => {
    line.outcomes = [fine];
    const hook = judgeHook({ action: { tools: ['GrepSearch'] } });
    const transcripts = [bytes('t'), bytes('t'), bytes('u'), bytes(''), undefined];
    const jobs = transcripts.map((transcript) => judgeJob({ hook, transcript }));
    const bare = transcripts.map((transcript) => judgeJob({ transcript }));
    for (const one of [...jobs, ...bare]) await runner.run(one, never, call);
    const ids = line.sent.map(({ id }) => id);
    expect([ids[0] === ids[1], new Set(ids.slice(0, 5)).size]).toEqual([true, 4]);
    expect(new Set(ids.slice(5)).size).toBe(1);
  });

  it.each(['WORKER_LOST', 'SHUTTING_DOWN', 'QUEUE_UNAVAILABLE'] as const)(
    'that may have begun and ended with %s is not asked twice, async neither',
    async (code) => {
      expect(await attemptsAt({}, () => failed(code, ''))).toEqual([1]);
      expect(await attemptsAt({ async: true }, () => failed(code, ''))).toEqual([1]);
    },
  );

  it('is asked on another worker where the one that closed says it asked nothing', async () => {
    expect(await attemptsAt({}, shutDown())).toEqual([1, 2]);
    expect(await attemptsAt({}, shutDown(0))).toEqual([1, 2]);
    expect(await attemptsAt({}, shutDown(1))).toEqual([1]);
  });

  it('is added again where Redis did not take it', async () => {
    expect(await attemptsAt({}, notAdded)).toEqual([1, 1]);
  });
});

it.each(['DEADLINE', 'OVERLOADED', 'EXPIRED', 'INVALID_JOB', 'TARGET_UNREACHABLE'] as const)(
  'a hook with retries that ended with %s is not sent again',
  async (code) => {
    expect(await endOf({ action: { retries: 3 } }, () => failed(code, ''), good)).toEqual([
      code,
      [1],
    ]);
  },
);

it('both attempts have one time and one budget, so that their request is the same', async () => {
  const late = () => {
    vi.advanceTimersByTime(1_000);
    return failed('WORKER_LOST', '');
  };
  await endOf({ action: { retries: 1 } }, late, good);
  const [first, second] = line.sent.map(({ message }) => message as OutboundMessage);
  expect(second?.at).toBe(first?.at);
  expect([first?.budgetMs, second?.budgetMs]).toEqual([4_000, 3_000]);
  expect({ ...second, attempt: 1, budgetMs: 4_000 }).toEqual(first);
});

it('a hook whose message cannot be made has its failMode', async () => {
  const broken = httpJob({ context: new Uint8Array([0xff]) });
  expect(await runner.run(broken, never, call)).toMatchObject({
    decision: 'block',
    cause: { code: 'INVALID_JOB' },
  });
});

it('opens once its line is ready, and closes it; it closes what never gets ready', async () => {
  const opened = await openOutboundRunner({ redis: { url: 'redis://unused' } });
  expect(line.options).toMatchObject({ queue: 'hooks-outbound' });
  await opened.close();
  expect(line.closed).toBe(true);
  Object.assign(line, new FakeLine());
  line.isReady = false;
  await expect(openOutboundRunner({ redis: { url: 'redis://unused' } })).rejects.toThrow(
    'no Redis',
  );
  expect(line.closed).toBe(true);
});
