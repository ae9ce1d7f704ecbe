/** Every dialect by its name. */
import { InvalidInputError } from '../../errors.ts';
import type { Dialect } from '../dialect.ts';
import { azure } from './azure.ts';

const dialects: readonly Dialect[] = [azure];

export const dialectNames: readonly string[] = dialects.map((dialect) => dialect.name);

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist. */
export function findDialect(name: string): Dialect {
  const found = dialects.find((dialect) => dialect.name === name);
  if (found !== undefined) return found;
  throw new InvalidInputError('UNKNOWN_DIALECT', `There is no dialect "${name}". Known: ${dialectNames.join(', ')}.`);
}
