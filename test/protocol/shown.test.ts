import { expect, it } from 'vitest';
import { shortened, shown } from '../../src/protocol/shown.ts';

it('a name of 100 characters is shown whole, of a longer one its start', () => {
  expect(shown('x'.repeat(100))).toBe('x'.repeat(100));
  expect(shown(`${'x'.repeat(100)}y`)).toBe(`${'x'.repeat(100)}…`);
});

it('a message of 1,000 characters is shown whole, of a longer one both ends', () => {
  expect(shortened('x'.repeat(1_000))).toBe('x'.repeat(1_000));
  expect(shortened(`${'a'.repeat(500)}-${'z'.repeat(500)}`)).toBe(
    `${'a'.repeat(500)} … ${'z'.repeat(500)}`,
  );
});
