/** Finds dialects, events and rules by their names. */
import { type InputField, InvalidInputError } from '../errors.ts';
import type { Dialect, EventRules, Joint } from './dialect.ts';
import { ownProperty } from './json.ts';
import { shown } from './shown.ts';

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist. */
export function byDialectName<T extends { readonly name: string }>(
  all: readonly T[],
  name: string,
): T {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const known = all.map((one) => one.name).join(', ');
  throw new InvalidInputError('UNKNOWN_DIALECT', `There is no dialect "${name}". Known: ${known}.`);
}

/**
 * The dialect's own spelling of an event name, which is found regardless of case and underscores.
 * @param field the input field that contains the name, for the error.
 * @throws InvalidInputError `INVALID_EVENT` with the names that exist.
 */
export function findEvent(dialect: Dialect, name: string, field?: InputField): string {
  const folded = foldName(name);
  const found = Object.keys(dialect.events).find((event) => foldName(event) === folded);
  if (found !== undefined) return found;
  const alias = Object.entries(dialect.eventAliases ?? {}).find(
    ([other]) => foldName(other) === folded,
  );
  if (alias !== undefined) return alias[1];
  const known = Object.keys(dialect.events).join(', ');
  const text = `The ${dialect.name} dialect has no event "${shown(name)}". Known: ${known}.`;
  throw new InvalidInputError('INVALID_EVENT', text, { field });
}

/** Further names of a tool in the dialect; undefined where it has none. */
export function aliasesOf(
  { matcherAliases = {} }: Dialect,
  toolName: string,
): readonly string[] | undefined {
  return Object.hasOwn(matcherAliases, toolName) ? matcherAliases[toolName] : undefined;
}

/** The event's name in a context, in the context's spelling. */
export function eventNameIn(
  { eventKeys }: Pick<Dialect, 'eventKeys'>,
  root: object,
): string | undefined {
  const values: unknown[] = eventKeys.map((key) => ownProperty(root, key));
  return values.find((value) => typeof value === 'string');
}

/** @throws InvalidInputError `INVALID_EVENT`, see findEvent() */
export function eventRules(dialect: Dialect, event: string): EventRules {
  const rules = Object.hasOwn(dialect.events, event) ? dialect.events[event] : undefined;
  return rules ?? eventRules(dialect, findEvent(dialect, event));
}

export function foldName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

const joints: Readonly<Record<Joint, string>> = {
  newline: '\n',
  'blank-line': '\n\n',
  semicolon: '; ',
};

export function join(texts: readonly string[], joint: Joint): string {
  return texts.join(joints[joint]);
}
