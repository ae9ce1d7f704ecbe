/** What a worker makes of a message, with nobody who really runs scripts. */
import { UnrecoverableError } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { SandboxError } from '../../src/errors.ts';
import { defaultRunLimits, emptyRun, type ScriptRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import type { Fetched } from '../../src/queue/fetched-contexts.ts';
import { type Executors, readTask, TaskFailedError } from '../../src/queue/task.ts';
import { scriptNameOf } from '../../src/redis/keys.ts';
import { toJobMessage } from '../../src/wire/job-message.ts';
import { toRunMessage } from '../../src/wire/run-message.ts';
import { toStoredJobMessage } from '../../src/wire/stored-job.ts';
import { exited } from '../protocol/samples.ts';
import { bashHook, never, sampleJob } from '../support/queue-job.ts';

const job = sampleJob({ tenant: 'a', hook: bashHook('exit 2') });
const message = toJobMessage(job, { evaluationId: 'e', attempt: 1, budgetMs: 4_000 });
const run: ScriptRun = {
  tenant: 'a',
  isolation: 'tenant',
  request: {
    runtime: 'bash',
    script: Buffer.from('exit 2'),
    stdin: Buffer.from(''),
    limits: defaultRunLimits,
  },
};
const runMessage = toRunMessage(run, 3_000);
const how = { queueMs: 7, fresh: false };
const unavailable = { code: 'SHUTTING_DOWN', message: 'closing' } as const;

/** What is stored as the context of a job. */
let fetched: Fetched = { context: Buffer.from('{}') };

const handsOf = (over: Partial<Executors> = {}): Executors => ({
  worker: 'w1',
  contexts: { use: (_, __, work) => work(fetched) },
  execute: async (one) => ({
    ...decide(one.dialect, one.hook, exited(2, '', 'no')),
    ranIn: { container: 'c' },
  }),
  runScript: async () => ({ run: exited(2), leaseMs: 1, ranIn: { container: 'c' } }),
  ...over,
});

it.each([
  ['hook', message, 4_000],
  ['script', runMessage, 3_000],
])(
  'the message of a %s tells whose it is, how long it is waited for and what it is held against',
  (_, data, budgetMs) => {
    const script = scriptNameOf('a', { runtime: 'bash', source: 'exit 2' });
    expect(readTask(data, handsOf())).toMatchObject({
      tenant: 'a',
      budgetMs,
      script,
      apart: false,
    });
    expect(readTask({ ...data, apart: true }, handsOf()).apart).toBe(true);
  },
);

it.each([
  ['nothing', undefined],
  ['a version of tomorrow', { ...message, v: 2 }],
  ['a run with a field too many', { ...runMessage, more: 1 }],
])('%s is INVALID_JOB, which only a failed job says', (_, data) => {
  expect(() => readTask(data, handsOf())).toThrow(UnrecoverableError);
  expect(() => readTask(data, handsOf())).toThrow(/^INVALID_JOB: /);
});

it('a worker without a runner of scripts takes hooks only', () => {
  const hands = handsOf({ runScript: undefined });
  expect(() => readTask(runMessage, hands)).toThrow(/^INVALID_JOB: .*hooks only/);
  expect(readTask(message, hands).tenant).toBe('a');
});

it.each([
  [true, 'job'],
  [false, 'tenant'],
])('a fresh sandbox (%s) is asked for as isolation %s', async (fresh, isolation) => {
  const asked: string[] = [];
  const hands = handsOf({
    execute: async (one) => {
      asked.push(one.isolation);
      return decide(one.dialect, one.hook, exited(0));
    },
    runScript: async (one) => {
      asked.push(one.isolation);
      return { run: exited(0), leaseMs: 1, ranIn: { container: 'c' } };
    },
  });
  for (const data of [message, runMessage])
    await readTask(data, hands).run(never, { queueMs: 0, fresh });
  expect(asked).toEqual([isolation, isolation]);
});

describe('the task of a hook', () => {
  it('returns the decision, where it was made and how long the job was in line', async () => {
    const done = await readTask(message, handsOf()).run(never, how);
    expect(done).toMatchObject({ code: undefined, cancelled: false });
    expect(done.returned).toMatchObject({
      decision: 'block',
      durations: { queueMs: 7 },
      ranIn: { container: 'c', worker: 'w1' },
    });
  });

  it('that ran nowhere says no place', async () => {
    const hands = handsOf({ execute: async (one) => decide(one.dialect, one.hook, unavailable) });
    const done = await readTask(message, hands).run(never, how);
    expect(done).toMatchObject({ code: 'SHUTTING_DOWN', cancelled: false });
    expect(done.returned).not.toHaveProperty('ranIn');
  });

  it('that was ended tells that', async () => {
    const hands = handsOf({
      execute: async (one) => decide(one.dialect, one.hook, emptyRun('cancelled')),
    });
    expect(await readTask(message, hands).run(never, how)).toMatchObject({
      code: 'HOOK_CANCELLED',
      cancelled: true,
    });
  });

  it('that is refused is answered with its failMode and its time in line', () => {
    const answer = readTask(message, handsOf()).refuse({ code: 'EXPIRED', message: 'late' }, 9);
    expect(answer).toMatchObject({
      decision: 'block',
      cause: { code: 'EXPIRED' },
      durations: { queueMs: 9 },
    });
  });
});

describe('the task of a script', () => {
  it('returns the facts and the worker', async () => {
    const done = await readTask(runMessage, handsOf()).run(never, how);
    expect(done).toMatchObject({ code: undefined, cancelled: false });
    expect(done.returned).toMatchObject({
      kind: 'run',
      exitCode: 2,
      ranIn: { container: 'c', worker: 'w1' },
    });
  });

  it('that was ended tells that', async () => {
    const hands = handsOf({
      runScript: async () => ({
        run: emptyRun('cancelled'),
        leaseMs: 1,
        ranIn: { container: 'c' },
      }),
    });
    expect((await readTask(runMessage, hands).run(never, how)).cancelled).toBe(true);
  });

  it('that no sandbox could run fails with the code, for BullMQ in the text', async () => {
    const hands = handsOf({
      runScript: () => Promise.reject(new SandboxError('SANDBOX_LOST', 'gone')),
    });
    const error = await readTask(runMessage, hands)
      .run(never, how)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TaskFailedError);
    expect(error).toMatchObject({ code: 'SANDBOX_LOST', message: 'SANDBOX_LOST: gone' });
  });

  it('that failed by a bug of ours fails as it is', async () => {
    const bug = new TypeError('x');
    const hands = handsOf({ runScript: () => Promise.reject(bug) });
    await expect(readTask(runMessage, hands).run(never, how)).rejects.toBe(bug);
  });

  it('has no failMode: refused, it is a failed job', () => {
    expect(() => readTask(runMessage, handsOf()).refuse(unavailable, 0)).toThrow(
      UnrecoverableError,
    );
    expect(() => readTask(runMessage, handsOf()).refuse(unavailable, 0)).toThrow(
      'SHUTTING_DOWN: closing',
    );
  });
});

describe('an image that is missing', () => {
  const missing = { code: 'IMAGE_MISSING', message: 'none' } as const;
  const execute: Executors['execute'] = async (one) => decide(one.dialect, one.hook, missing);
  const endOf = async (profile?: string) => {
    const hook = { ...job.hook, profile };
    const data = toJobMessage({ ...job, hook }, { evaluationId: 'e', attempt: 1, budgetMs: 9 });
    return readTask(data, handsOf({ execute })).run(never, how);
  };

  it('of the default profile is held against the engine', async () => {
    expect((await endOf()).code).toBe('IMAGE_MISSING');
  });

  it('of another profile is not, and the caller is told all the same', async () => {
    const { code, returned } = await endOf('full');
    expect(code).toBe('PROFILE_MISSING');
    expect(returned).toMatchObject({ cause: { code: 'IMAGE_MISSING' } });
  });
});

describe('a hook whose context is stored', () => {
  const ref = { id: 'i', bytes: 2, sha256: 'a'.repeat(64) };
  const envelope = { evaluationId: 'e', attempt: 1, budgetMs: 4_000 };
  const data = toStoredJobMessage(job, envelope, ref);

  it('runs with the context that was found, under the same name of its script', async () => {
    const contexts: Buffer[] = [];
    const hands = handsOf();
    const task = readTask(data, {
      ...hands,
      execute: (one, signal, taken) => {
        contexts.push(Buffer.from(one.context));
        return hands.execute(one, signal, taken);
      },
    });
    expect(task).toMatchObject({ tenant: 'a', budgetMs: 4_000 });
    expect(task.script).toBe(readTask(message, hands).script);
    const { returned, code } = await task.run(never, how);
    expect(returned).toMatchObject({ decision: 'block', reason: 'no' });
    expect(code).toBeUndefined();
    expect(contexts.map(String)).toEqual(['{}']);
  });

  it('does not run without it: its failMode decides, with the code of what was wrong', async () => {
    fetched = { failure: { code: 'QUEUE_UNAVAILABLE', message: 'gone' } };
    const execute = async () => {
      throw new Error('it ran');
    };
    const { returned, code } = await readTask(data, handsOf({ execute })).run(never, how);
    fetched = { context: Buffer.from('{}') };
    expect(code).toBe('QUEUE_UNAVAILABLE');
    expect(returned).toMatchObject({
      decision: 'block',
      cause: { kind: 'fail-mode', code: 'QUEUE_UNAVAILABLE', message: 'gone' },
      durations: { queueMs: 7 },
    });
  });
});
