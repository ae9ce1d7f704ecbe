/** Tool name patterns. Compiled once, when a hook is loaded; a bad one refuses the whole file. */
import { InvalidInputError, messageOf } from '../errors.ts';
import type { Dialect, MatcherRule } from './dialect.ts';

export type Matcher = (toolName: string) => boolean;

const everything: Matcher = () => true;
const nothing: Matcher = () => false;
const exactLists = { bars: /^[A-Za-z0-9_|]+$/, 'bars-and-commas': /^[A-Za-z0-9_\- ,|]+$/ } as const;

/**
 * @param written as configured; undefined where the event has no matcher.
 * @param rule that of the event, where it has one of its own.
 * @throws InvalidInputError `INVALID_HOOKS` when it is not a regular expression.
 */
export function compileMatcher(dialect: Dialect, written: string | undefined, rule: MatcherRule = dialect.matcher): Matcher {
  const pattern = (rule.trims === true ? written?.trim() : written) ?? '';
  if (pattern === '') return rule.emptyMatches === 'everything' ? everything : nothing;
  if (pattern === '*' || (rule.doubleStar === true && pattern === '**')) return everything;
  if (rule.kind === 'literal') return (name) => name === pattern;
  return rule.kind === 'glob' ? compileGlob(pattern) : compileExpression(rule, pattern);
}

function compileExpression(rule: MatcherRule, pattern: string): Matcher {
  if (rule.exactList !== undefined && exactLists[rule.exactList].test(pattern)) {
    const names = pattern.split(/[|,]/).map((name) => name.trim());
    return (name) => names.includes(name);
  }
  const bare = rule.slashes === true ? pattern.replace(/^\/(.+)\/$/, '$1') : pattern;
  const ignoresCase = rule.inlineCase === true && bare.startsWith('(?i)');
  const regex = compileRegex(ignoresCase ? bare.slice('(?i)'.length) : bare, { rule, pattern, ignoresCase });
  return (name) => regex.test(name);
}

/** `*` stands for any text; everything else for itself. */
function compileGlob(pattern: string): Matcher {
  // All tools that are the agent's own, or all of one server.
  if (pattern === '@builtin') return (name) => !name.startsWith('@');
  if (/^@[^/*]+$/.test(pattern)) return (name) => name === pattern || name.startsWith(`${pattern}/`);
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const regex = new RegExp(`^${parts.join('.*')}$`);
  return (name) => regex.test(name);
}

interface Wrapping {
  readonly rule: MatcherRule;
  /** As configured, for messages. */
  readonly pattern: string;
  readonly ignoresCase: boolean;
}

/** Properties and code points mean something with the flag only. */
const needsUnicode = /\\[pP]\{|\\u\{/;

/**
 * Without the unicode flag where it is not needed: V8 can then leave a pattern that backtracks
 * without end to its linear engine (the command line switches that on).
 */
function compileRegex(source: string, { rule, pattern, ignoresCase }: Wrapping): RegExp {
  const flags = `${needsUnicode.test(source) ? 'u' : ''}${ignoresCase ? 'i' : ''}`;
  try {
    // Alone first: `a)|(b` would become valid, and mean something else, inside our own brackets.
    const alone = new RegExp(source, flags);
    return rule.anchored ? new RegExp(`^(?:${source})$`, flags) : alone;
  } catch (error) {
    const hint = pattern.includes('(?i)') ? ' Inline flags are not supported: write [Bb]ash.' : '';
    const text = `matcher ${JSON.stringify(pattern)} is not a regular expression: ${messageOf(error)}.${hint}`;
    throw new InvalidInputError('INVALID_HOOKS', text, { cause: error });
  }
}
