/** The hook file format of one agent system, as data. read-agent-hooks.ts reads files by it. */

import type { EventRules } from '../protocol/dialect.ts';
import { shellQuoted } from '../protocol/shell-quote.ts';
import type { Facts } from './file-facts.ts';

/** The effect of a key in the file: the hookpool keys that it sets, or why the key is refused. */
interface Effect {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** `hook` is the mapping that contains the key. */
export type KeyRule = (value: unknown, hook: Readonly<Record<string, unknown>>) => Effect;
export type KeyRules = Readonly<Record<string, KeyRule>>;

export interface AgentFormat {
  /** The format's name, in the output of `check` and in records. */
  readonly format: string;
  /** The system's name in messages. */
  readonly about: string;
  /**
   * The dialects of such files. The first one applies unless `choose` or the caller names another.
   */
  readonly dialects: readonly [string, ...string[]];
  /** Spellings of event names that upstream accepts beside those of the dialect. */
  readonly spellings?: readonly string[];
  /** Matches the `$schema` of this system's files only. */
  readonly schema?: RegExp;
  /** Returns the dialect that the file's keys and events imply, where it is not the first one. */
  readonly choose?: (facts: Facts) => string | undefined;
  /**
   * The lists under the events hold groups of hooks, hooks, or (`agents`) either of them, for each
   * agent of `agents`.
   */
  readonly layout: 'groups' | 'hooks' | 'agents';
  /** Files in TOML have this format. */
  readonly isToml?: boolean;
  /** The events may stand at the top level of the file, without `hooks` around them. */
  readonly hasBareEvents?: boolean;
  /**
   * Whether a file may belong to this system, where several systems have this layout and no key
   * tells them apart. Default: never.
   */
  readonly claims?: (facts: Facts) => boolean;
  /** A file belongs to this system if no system with this layout claims it. */
  readonly isFallback?: boolean;
  /**
   * Whether the event's list holds groups, `{matcher, hooks: [...]}`, and not the hooks themselves.
   */
  readonly isGrouped: (rules: EventRules) => boolean;
  /** Keys at the top of the file that only this system has, or that change what its hooks do. */
  readonly rootKeys: KeyRules;
  /** Keys among the events that are not events. */
  readonly besideEvents: KeyRules;
  readonly groupKeys: KeyRules;
  readonly hookKeys: KeyRules;
}

export const as =
  (name: string): KeyRule =>
  (value) => ({ set: { [name]: value } });

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

/** Translates a word of the agent system into hookpool's keys. */
export const word =
  (name: string, meanings: Readonly<Record<string, Readonly<Record<string, unknown>>>>): KeyRule =>
  (value) => {
    const known = Object.keys(meanings).join(', ');
    if (typeof value === 'string' && Object.hasOwn(meanings, value))
      return { set: meanings[value] as Record<string, unknown> };
    return { problem: `${name} must be one of ${known}.` };
  };

/**
 * Accepts command hooks and the listed types, which count as their failMode as in hookpool's own
 * files; refuses other types.
 */
export const typeOf =
  (...prompts: readonly string[]): KeyRule =>
  (value) => {
    if (value === 'command') return { set: { type: 'command' } };
    if (typeof value === 'string' && prompts.includes(value)) return { set: { type: value } };
    const known = ['command', ...prompts].join(', ');
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
