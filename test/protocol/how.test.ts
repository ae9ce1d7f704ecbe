import { expect, it } from 'vitest';
import type { Cause } from '../../src/protocol/decision.ts';
import { howOf } from '../../src/protocol/how.ts';

const failed = (code: string) => ({ kind: 'fail-mode', code, message: '' }) as Cause;

it.each([
  [undefined, 'none'],
  [{ kind: 'exit-code', exitCode: 2 }, 'hook'],
  [{ kind: 'output' }, 'hook'],
  [failed('HOOK_TIMED_OUT'), 'fail-mode'],
  [failed('HTTP_STATUS'), 'fail-mode'],
  [failed('NO_WORKER'), 'not-run'],
  [failed('HOOK_CANCELLED'), 'not-run'],
  [failed('HOOK_UNSUPPORTED'), 'not-run'],
] as const)('a decision by %j counts as %s', (cause, how) => {
  expect(howOf(cause)).toBe(how);
});
