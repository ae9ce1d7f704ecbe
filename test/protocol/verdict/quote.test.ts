import { expect, test } from 'vitest';
import { listed, quote } from '../../../src/protocol/verdict/quote.ts';

test('a long text is shown in part', () => {
  expect(quote('x'.repeat(200))).toBe('x'.repeat(200));
  expect(quote('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
});

test('of many names twenty are shown, and how many more there are', () => {
  const names = Array.from({ length: 23 }, (_, index) => `k${index}`);
  expect(listed(names.slice(0, 20))).toBe(names.slice(0, 20).join(', '));
  expect(listed(names)).toBe(`${names.slice(0, 20).join(', ')} and 3 more`);
});
