/** What the end of a job means. */
import { expect, it } from 'vitest';
import { InvalidInputError, SandboxError, UnavailableError } from '../../src/errors.ts';
import { exceptionOf, failedReason, noWorker, readFailedReason } from '../../src/queue/outcome.ts';

it('a code travels in the reason of a failure', () => {
  const reason = failedReason('INVALID_JOB', 'v: unknown');
  expect(readFailedReason(reason)).toEqual({
    failure: { code: 'INVALID_JOB', message: 'v: unknown' },
  });
});

it.each([
  ['job stalled more than allowable limit', 'WORKER_LOST'],
  ['TypeError: x', 'INTERNAL'],
  ['NO_SUCH_CODE: x', 'INTERNAL'],
  ['', 'INTERNAL'],
  ['WORKER_LOST: job stalled', 'WORKER_LOST'],
  ['OVERLOADED', 'INTERNAL'],
])('%s is %s', (reason, code) => {
  expect(readFailedReason(reason)).toMatchObject({ failure: { code } });
});

it.each([
  ['INVALID_JOB', InvalidInputError],
  ['ENGINE_DOWN', UnavailableError],
  ['OVERLOADED', UnavailableError],
  ['SANDBOX_LOST', SandboxError],
  ['INTERNAL', Error],
] as const)('for a caller without a failMode %s is an exception', (code, kind) => {
  const error = exceptionOf({ code, message: 'why' });
  expect(error).toBeInstanceOf(kind);
  expect(error.message).toBe('why');
  expect('code' in error ? error.code : 'INTERNAL').toBe(code);
});

it('a message of several lines travels as a whole, and only the head of a text that is none of ours', () => {
  const message = 'v: unknown\nw: unknown';
  expect(readFailedReason(failedReason('INVALID_JOB', message))).toEqual({
    failure: { code: 'INVALID_JOB', message },
  });
  const end = readFailedReason('x'.repeat(10_000));
  expect('failure' in end && end.failure.message.length).toBe('The worker failed: '.length + 500);
});

it.each(['HOOK_TYPE_UNSUPPORTED', 'RESULT_TOO_LARGE'] as const)(
  '%s is no fault of the queue or a sandbox',
  (code) => {
    const error = exceptionOf({ code, message: 'why' });
    expect([error.constructor, error.message]).toEqual([Error, 'why']);
  },
);

it('where nobody takes jobs, the failure names the queue', () => {
  expect(noWorker('mine')).toMatchObject({
    code: 'NO_WORKER',
    message: expect.stringContaining('queue mine '),
  });
});
