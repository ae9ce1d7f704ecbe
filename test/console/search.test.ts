import { expect, it } from 'vitest';
import {
  chipsOf,
  presets,
  searchOf,
  withChip,
  withoutChip,
  withValue,
} from '../../src/console/search.ts';

const query = new URLSearchParams(
  'decision=block&tool=Bash&tool=!Edit&q=rm&since=2026-01-01T00:00:00Z',
);

it('filters of the address are shown one by one, with those that exclude', () => {
  expect(chipsOf(query)).toEqual([
    { field: 'decision', value: 'block', isExcluded: false },
    { field: 'tool', value: 'Bash', isExcluded: false },
    { field: 'tool', value: 'Edit', isExcluded: true },
  ]);
});

it('a filter replaces the one that says the opposite, and can be taken away', () => {
  const chip = { field: 'tool', value: 'Edit', isExcluded: false } as const;
  expect(withChip(query, chip).getAll('tool')).toEqual(['Bash', 'Edit']);
  expect(withoutChip(query, chip).getAll('tool')).toEqual(['Bash']);
  expect(query.getAll('tool')).toEqual(['Bash', '!Edit']);
});

it('an empty value takes a field out of the address', () => {
  expect(withValue(query, 'q', '').has('q')).toBe(false);
  expect(withValue(query, 'q', 'sudo').get('q')).toBe('sudo');
});

it('what arrives is searched for the same as what the server lists', () => {
  expect(searchOf(query)).toEqual({
    decision: ['block'],
    tool: ['Bash', '!Edit'],
    q: 'rm',
    since: '2026-01-01T00:00:00Z',
  });
});

it('blocks by a hook, blocks by a fail mode and what did not run are presets of their own', () => {
  const searches = presets.map(({ query: text }) => searchOf(new URLSearchParams(text)).cause);
  expect(searches).toEqual([undefined, ['hook'], ['fail-mode'], ['not-run'], undefined]);
});
