import { expect, it } from 'vitest';
import { SandboxError, UnavailableError } from '../../src/errors.ts';
import {
  asSandboxError,
  EngineRefusal,
  isUnreachable,
  statusOf,
} from '../../src/sandbox/engine-errors.ts';

const refusal = (status: number) => new EngineRefusal(status, 'no');

it.each([{ code: 'ECONNREFUSED' }, { code: 'ENOENT' }, refusal(503), refusal(504)])(
  'an engine that fails with %j does not answer',
  (error) => {
    expect(isUnreachable(error)).toBe(true);
  },
);

it.each([
  { code: 'EINVAL' },
  refusal(500),
  { statusCode: 503 },
  new Error('no'),
  'no',
  undefined,
  null,
])('an engine that fails with %j answers', (error) => {
  expect(isUnreachable(error)).toBe(false);
});

it('the status of an error that has none is undefined', () => {
  expect(statusOf(refusal(404))).toBe(404);
  expect(statusOf({ statusCode: 404 })).toBeUndefined();
  expect(statusOf(new Error('no'))).toBeUndefined();
});

it('an error of ours keeps its code, every other one gets the code of the call', () => {
  const down = new UnavailableError('ENGINE_TIMEOUT', 'late');
  const bad = new SandboxError('BAD_FRAME', 'bad');
  expect(asSandboxError('START_FAILED', down)).toBe(down);
  expect(asSandboxError('START_FAILED', bad)).toBe(bad);
  expect(asSandboxError('START_FAILED', new Error('no'))).toMatchObject({ code: 'START_FAILED' });
});
