import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { InvalidInputError, UnavailableError } from '../../src/errors.ts';
import { failureOf, runFacts } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from './samples.ts';

it('only a process has the facts of a run', () => {
  const factsOf = (outcome: Parameters<typeof decide>[2]) =>
    decide(azure, sampleHook(), outcome).facts;
  expect(runFacts(factsOf(exited(2, '', 'no')))).toMatchObject({
    status: 'exited',
    stderrHead: 'no',
  });
  expect(runFacts(factsOf({ reply: bytes('x'), totalBytes: 1 }))).toBeUndefined();
  expect(runFacts(factsOf({ code: 'ENGINE_DOWN', message: '' }))).toBeUndefined();
  expect(runFacts(undefined)).toBeUndefined();
});

it.each([
  [new UnavailableError('OVERLOADED', 'm'), 'OVERLOADED'],
  [new InvalidInputError('INVALID_HOOKS', 'm'), 'INTERNAL'],
  [new Error('m'), 'INTERNAL'],
])('%s is the failure %s', (error, code) => {
  expect(failureOf(error)).toEqual({ code, message: 'm' });
});
