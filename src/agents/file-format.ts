/** What the file of one agent system looks like, as data. read-agent-hooks.ts reads it. */

import type { EventRules } from '../protocol/dialect.ts';
import { shellQuoted } from '../protocol/shell-quote.ts';
import type { Facts } from './file-facts.ts';

/** What a key of the file means: our keys that it sets, or why it cannot be taken. */
interface Effect {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** `hook` is the mapping in which the key stands. */
export type KeyRule = (value: unknown, hook: Readonly<Record<string, unknown>>) => Effect;
export type KeyRules = Readonly<Record<string, KeyRule>>;

export interface AgentFormat {
  /** Names the format, in the output of `check` as in records. */
  readonly format: string;
  /** For messages. */
  readonly about: string;
  /** The first one unless the caller names another. */
  readonly dialects: readonly [string, ...string[]];
  /** Event names as upstream spells them, beside those of the dialect. */
  readonly spellings?: readonly string[];
  /** The `$schema` that only this system's files name. */
  readonly schema?: RegExp;
  /** The dialect that the file's words ask for, where it is not the first one. */
  readonly choose?: (facts: Facts) => string | undefined;
  /** What stands under the events: groups of hooks, hooks, or either, for each agent of `agents`. */
  readonly layout: 'groups' | 'hooks' | 'agents';
  /** A file in TOML is one of these. */
  readonly isToml?: boolean;
  /** The events may be the whole file, without `hooks` around them. */
  readonly hasBareEvents?: boolean;
  /** Of several systems with this layout, whether it may be this one's where no word of the file tells. Default: never. */
  readonly claims?: (facts: Facts) => boolean;
  /** It is this one's where none of the systems with this layout claims it. */
  readonly isFallback?: boolean;
  /** The event's list holds `{matcher, hooks: [...]}`; otherwise the hooks themselves. */
  readonly isGrouped: (rules: EventRules) => boolean;
  /** Keys at the top of the file that only this system has, or that change what its hooks do. */
  readonly rootKeys: KeyRules;
  /** Keys among the events that are none. */
  readonly besideEvents: KeyRules;
  readonly groupKeys: KeyRules;
  readonly hookKeys: KeyRules;
}

export const as =
  (name: string): KeyRule =>
  (value) => ({ set: { [name]: value } });

export const ignored: KeyRule = () => ({});

/** Nothing said, or said in vain, changes nothing. */
export const refused =
  (problem: string, ...harmless: readonly unknown[]): KeyRule =>
  (value) =>
    harmless.includes(value) || isEmpty(value) ? {} : { problem };

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value as object).length === 0);
}

/** A word of theirs for keys of ours. */
export const word =
  (name: string, meanings: Readonly<Record<string, Readonly<Record<string, unknown>>>>): KeyRule =>
  (value) => {
    const known = Object.keys(meanings).join(', ');
    if (typeof value === 'string' && Object.hasOwn(meanings, value)) return { set: meanings[value] as Record<string, unknown> };
    return { problem: `${name} must be one of ${known}.` };
  };

/** A model's hook counts as its failMode, as in our own files; what else there is cannot be run. */
export const typeOf =
  (...prompts: readonly string[]): KeyRule =>
  (value) => {
    if (value === 'command') return { set: { type: 'command' } };
    if (typeof value === 'string' && prompts.includes(value)) return { set: { type: value } };
    const known = ['command', ...prompts].join(', ');
    return { problem: `A hook of type ${JSON.stringify(value)} cannot be run here. Known: ${known}.` };
  };

/** Theirs may have blanks and any other character. */
export const nameRule: KeyRule = (value) => {
  if (typeof value !== 'string') return { set: { name: value } };
  const name = value
    .trim()
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 128);
  return name === '' ? {} : { set: { name } };
};

/** A program and its words, without a shell: the line of bash that starts it. `${NAME}` is the project's folder. */
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

/** Read beside the program. */
export const argsOf =
  (key: string): KeyRule =>
  (_, hook) =>
    key in hook ? {} : { problem: `args needs ${key} beside it.` };
