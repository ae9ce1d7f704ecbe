/** Reads single variables of OpenTelemetry. An empty one counts as one that is not set, as its specification says. */
import { InvalidInputError } from '../../errors.ts';

export type Env = Readonly<NodeJS.ProcessEnv>;

/** The first of the variables that is set, with its name. */
export function firstOf(env: Env, names: readonly string[]) {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}

/** @param fix what the variable must be, and what to do */
export function wrong(name: string, value: string, fix: string): InvalidInputError {
  return new InvalidInputError('INVALID_CONFIG', `${name} is ${JSON.stringify(value)}: ${fix}`);
}

/** @throws InvalidInputError `INVALID_CONFIG` */
export function readOneOf<T extends string>(
  env: Env,
  names: readonly string[],
  allowed: readonly T[],
  hint = '',
): T | undefined {
  const set = firstOf(env, names);
  if (set === undefined) return undefined;
  const found = allowed.find((one) => one === set.value.toLowerCase());
  if (found !== undefined) return found;
  throw wrong(set.name, set.value, `it must be ${allowed.join(' or ')}.${hint}`);
}

/** @throws InvalidInputError `INVALID_CONFIG` */
export function readWhole(
  env: Env,
  names: readonly string[],
  [min, max]: readonly [number, number],
): number | undefined {
  const set = firstOf(env, names);
  if (set === undefined) return undefined;
  const value = /^\d{1,9}$/.test(set.value) ? Number(set.value) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrong(set.name, set.value, `it must be a whole number from ${min} to ${max}.`);
}

/**
 * A list `key=value,key=value` with percent-encoded values. The error of a `secret` one shows none
 * of it.
 * @throws InvalidInputError `INVALID_CONFIG`
 */
export function readPairs(
  env: Env,
  name: string,
  { keys, secret }: { readonly keys: RegExp; readonly secret: boolean },
): Readonly<Record<string, string>> {
  const set = firstOf(env, [name]);
  if (set === undefined) return {};
  const items = set.value.split(',').filter((item) => item.trim() !== '');
  return Object.fromEntries(
    items.map((item, index) => {
      const [, key = '', text = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(item) ?? [];
      const value = decoded(text);
      if (keys.test(key) && value !== undefined && !/[\0\r\n]/.test(value)) return [key, value];
      const shown = secret ? `Its entry ${index + 1} is none` : `${JSON.stringify(item)} is none`;
      const problem = `${name} must be a list KEY=VALUE,KEY=VALUE, with "," and "%" in a value written as %2C and %25. ${shown}.`;
      throw new InvalidInputError('INVALID_CONFIG', problem);
    }),
  );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
