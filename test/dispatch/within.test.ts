import { expect, it } from 'vitest';
import { answerWithin } from '../../src/dispatch/within.ts';

it.each([
  ['an answer', () => Promise.resolve(1), 1],
  ['a failure', () => Promise.reject(new Error('down')), 0],
  ['silence', () => new Promise<number>(() => undefined), 0],
])('%s within the time is %o', async (_, asking, expected) => {
  expect(await answerWithin(asking(), 0, 20)).toBe(expected);
});
