/**
 * Whoever ends work behind a signal leaves a code of the catalogue, and no abort is a bug of ours.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { BackgroundHooks } from '../src/dispatch/background.ts';
import { Deadline } from '../src/dispatch/deadline.ts';
import { abortedError, UnavailableError } from '../src/errors.ts';
import { failureOf } from '../src/protocol/decision.ts';
import { defaultKind } from '../src/protocol/sandbox-kind.ts';
import { execute } from '../src/sandbox/execute.ts';
import type { AcquireOptions } from '../src/sandbox/pool-options.ts';
import { type Waiter, waitInLine } from '../src/sandbox/waiter.ts';
import { sampleJob } from './support/queue-job.ts';

const late = () => new Error('never');

/** A pool that has no sandbox to give. */
const emptyPool = {
  acquire: (tenant: string, isolation: 'tenant' | 'job', { signal }: AcquireOptions = {}) =>
    waitInLine([] as Waiter<never>[], {
      tenant,
      isolation,
      kind: defaultKind,
      signal,
      timeoutMs: 60_000,
      late,
    }),
};

const call = { evaluationId: 'e', priorityOf: () => 'normal' as const };

describe('a job that waits for a sandbox', () => {
  const closing = () =>
    AbortSignal.abort(new UnavailableError('SHUTTING_DOWN', 'The worker is closing.'));
  it.each([
    ['a reason of ours', closing, 'SHUTTING_DOWN', 'The worker is closing.'],
    ['no reason', () => AbortSignal.abort(), 'HOOK_CANCELLED', 'This operation was aborted'],
    ['a plain error', () => AbortSignal.abort(new Error('enough')), 'HOOK_CANCELLED', 'enough'],
    ['a text', () => AbortSignal.abort('enough'), 'HOOK_CANCELLED', 'enough'],
    [
      'the end of a time limit',
      () => AbortSignal.timeout(1),
      'DEADLINE',
      'The operation was aborted due to timeout',
    ],
  ] as const)('and is aborted with %s ends with a code', async (_, signal, code, message) => {
    expect((await execute(emptyPool, sampleJob(), signal())).cause).toEqual({
      kind: 'fail-mode',
      code,
      message,
    });
  });

  it('at the deadline of its evaluation ends as DEADLINE, whoever answers first', async () => {
    const deadline = new Deadline(performance.now() + 20, call);
    let own: unknown;
    const result = await deadline.guard(sampleJob(), async (_, signal) => {
      const ended = await execute(emptyPool, sampleJob(), signal);
      own = ended.cause;
      return ended;
    });
    expect(result.cause).toMatchObject({ code: 'DEADLINE' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(own).toMatchObject({ code: 'DEADLINE' });
  });

  it('in the background ends as SHUTTING_DOWN when the process closes', async () => {
    const background = new BackgroundHooks();
    let cause: unknown;
    background.start('default', async (signal) => {
      const deadline = new Deadline(performance.now() + 60_000, call, signal);
      cause = (
        await deadline.guard(sampleJob(), (_, abort) => execute(emptyPool, sampleJob(), abort))
      ).cause;
      deadline.end();
    });
    await background.close(1);
    expect(cause).toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});

it('an error without the code of a failure is INTERNAL', () => {
  expect(failureOf(new UnavailableError('NO_WORKER', 'none'))).toEqual({
    code: 'NO_WORKER',
    message: 'none',
  });
  expect(failureOf(new Error('x'))).toEqual({ code: 'INTERNAL', message: 'x' });
  expect(abortedError(AbortSignal.abort()).cause).toBeInstanceOf(Error);
});

test('nothing aborts with an error that has no code', () => {
  const folder = path.join(import.meta.dirname, '../src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const bare = files.filter((file) =>
    /\.abort\((new Error\(|'|"|`)/.test(readFileSync(path.join(folder, file), 'utf8')),
  );
  expect(bare).toEqual([]);
});
