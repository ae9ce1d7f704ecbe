/** Rules for the keys of other agents' hook files, from which their formats are made. */
import { isJsonObject } from '../protocol/json.ts';
import { shellQuoted } from '../protocol/shell-quote.ts';
import type { KeyRule, KeyRules } from './file-format.ts';

/** The key is hookpool's key `name`. */
export const as =
  (name: string): KeyRule =>
  (value) => ({ set: { [name]: value } });

/** Keys that are called like hookpool's own. */
export const same = (...names: readonly string[]): KeyRules =>
  Object.fromEntries(names.map((name) => [name, as(name)]));

/** The key does not change what the hook does. */
export const ignored: KeyRule = () => ({});

/**
 * Accepts empty values and the listed harmless ones; refuses every other value with the problem.
 */
export const refused =
  (problem: string, ...harmless: readonly unknown[]): KeyRule =>
  (value) =>
    harmless.includes(value) || isEmpty(value) ? {} : { problem };

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value as object).length === 0)
  );
}

/** The problem of a file whose hooks are switched off by a setting. */
export const switchedOff = 'This file switches hooks off: leave them out of the file instead.';

/** `async` of agents that read it in command hooks only: a hook of another type decides. */
export const asyncOfCommands: KeyRule = (value, hook) => {
  if ((hook['type'] ?? 'command') === 'command') return as('async')(value, hook);
  if (value === false || isEmpty(value)) return {};
  return { warning: 'async is for command hooks: the agent waits for this hook, which decides.' };
};

/** The names, or the commands, in a list of hooks that are switched off. */
export function disabledNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Translates a word of the agent system into hookpool's keys. */
export const word =
  (name: string, meanings: Readonly<Record<string, Readonly<Record<string, unknown>>>>): KeyRule =>
  (value) => {
    const known = Object.keys(meanings).join(', ');
    if (typeof value === 'string' && Object.hasOwn(meanings, value))
      return { set: meanings[value] as Record<string, unknown> };
    return { problem: `${name} must be one of ${known}.` };
  };

/** Accepts command hooks and the listed types of hookpool's own files; refuses other types. */
export const typeOf =
  (...others: readonly string[]): KeyRule =>
  (value) => {
    if (value === 'command') return { set: { type: 'command' } };
    if (typeof value === 'string' && others.includes(value)) return { set: { type: value } };
    const known = ['command', ...others].join(', ');
    return {
      problem: `A hook of type ${JSON.stringify(value)} cannot be run here. Known: ${known}.`,
    };
  };

/**
 * Upstream names may contain blanks and any other character; hookpool replaces those that it does
 * not accept.
 */
export const nameRule: KeyRule = (value) => {
  if (typeof value !== 'string') return { set: { name: value } };
  const name = value
    .trim()
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 128);
  return name === '' ? {} : { set: { name } };
};

/**
 * Turns a program and its `args`, which upstream starts without a shell, into the line of bash that
 * starts it. `${NAME}` in them stays a variable, which holds the project's folder.
 */
export const programOf =
  (key: string): KeyRule =>
  (value, hook) => {
    const { args } = hook;
    if (typeof value !== 'string' || args === undefined) return { set: { command: value } };
    if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string'))
      return { set: { command: value }, problem: `args beside ${key} must be a list of texts.` };
    return { set: { command: [value, ...args].map(wordOf).join(' ') } };
  };

function wordOf(text: string): string {
  return text
    .split(/(\$\{[A-Z_]+\})/)
    .map((part, index) => (index % 2 === 1 ? `"${part}"` : shellQuoted(part)))
    .filter((part) => part !== "''" || text === '')
    .join('');
}

/** The program's own rule reads the args; this rule only refuses args without a program. */
export const argsOf =
  (key: string): KeyRule =>
  (_, hook) =>
    key in hook ? {} : { problem: `args needs ${key} beside it.` };

/** Accepts every value; a value that is not one of the harmless ones is a warning. */
export const warned =
  (warning: string, ...harmless: readonly unknown[]): KeyRule =>
  (value) =>
    harmless.includes(value) || isEmpty(value) ? {} : { warning };

/** A timeout in milliseconds. */
export const milliseconds: KeyRule = (value) => ({
  set: { timeout: typeof value === 'number' ? value / 1000 : value },
});

/** The folder in which a command starts; editors write the project's as `${workspaceFolder}`. */
export const folder: KeyRule = (value) => {
  if (typeof value !== 'string') return { set: { workingDir: value } };
  const inside = value.replace(/^\$\{workspaceFolder\}(\/|$)/, '');
  return inside === '' ? {} : { set: { workingDir: inside } };
};

/** The key is hookpool's key `name`, unless one of the keys that precede it is there too. */
export const unless =
  (others: readonly string[], name: string): KeyRule =>
  (value, hook) =>
    others.some((other) => other in hook) ? {} : { set: { [name]: value } };

/** A command for other machines, which is ignored beside one of the keys that bash can run. */
export const otherMachines =
  (what: string, ...lines: readonly string[]): KeyRule =>
  (_, hook) => {
    if (lines.some((line) => line in hook)) return {};
    const problem = `${what} is for other machines than a sandbox: give the hook a ${lines.join(' or ')} line.`;
    return { problem };
  };

/** The version of the file's shape, of which there is only the first. */
export const firstVersion: KeyRule = (value) =>
  value === 1 ? {} : { problem: 'version must be 1.' };

/** Lists that hold hooks only. */
export const neverGrouped = (): boolean => false;

/** Lists that may hold both groups and hooks. */
export const groupedByItem = (_: unknown, item: unknown): boolean =>
  isJsonObject(item) && 'hooks' in item;
