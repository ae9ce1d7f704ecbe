/** The search of the list of evaluations as it stands in the address. */
import type { EvaluationSearch } from '../server/evaluation-summary.ts';

/** Fields with values that can be excluded and given several times. */
export const filterFields = {
  decision: 'Decision',
  cause: 'Decided by',
  hook: 'Hook',
  tool: 'Tool',
  event: 'Event',
  dialect: 'Dialect',
  hookset: 'Hook set',
  thread: 'Thread',
} as const;
export type FilterField = keyof typeof filterFields;

/** Values that a field can have; the other fields take any text. */
export const knownValues: { readonly [Field in FilterField]?: readonly string[] } = {
  decision: ['block', 'ask', 'allow', 'none'],
  cause: ['hook', 'fail-mode', 'not-run', 'none'],
};

export const presets: readonly { readonly title: string; readonly query: string }[] = [
  { title: 'All', query: '' },
  { title: 'Blocked by a hook', query: 'decision=block&cause=hook' },
  { title: 'Blocked by a fail mode', query: 'decision=block&cause=fail-mode' },
  { title: 'Not run', query: 'cause=not-run' },
  { title: 'Asked', query: 'decision=ask' },
];

export interface Chip {
  readonly field: FilterField;
  readonly value: string;
  readonly isExcluded: boolean;
}

export function chipsOf(query: URLSearchParams): Chip[] {
  return fields().flatMap((field) =>
    query.getAll(field).map((given) => {
      const isExcluded = given.startsWith('!');
      return { field, value: isExcluded ? given.slice(1) : given, isExcluded };
    }),
  );
}

export function withChip(query: URLSearchParams, chip: Chip): URLSearchParams {
  const next = withoutChip(query, chip);
  next.append(chip.field, `${chip.isExcluded ? '!' : ''}${chip.value}`);
  return next;
}

export function withoutChip(query: URLSearchParams, { field, value }: Chip): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete(field, value);
  next.delete(field, `!${value}`);
  return next;
}

/** The query with one single value in the place of what it had. */
export function withValue(query: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(query);
  if (value === '') next.delete(name);
  else next.set(name, value);
  return next;
}

/** The same search for events that arrive, which no server has filtered. */
export function searchOf(query: URLSearchParams): EvaluationSearch {
  const filters = fields().flatMap((field) => {
    const values = query.getAll(field);
    return values.length === 0 ? [] : [[field, values]];
  });
  const single = ['since', 'until', 'q'].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries([...filters, ...single]) as EvaluationSearch;
}

function fields(): FilterField[] {
  return Object.keys(filterFields) as FilterField[];
}
