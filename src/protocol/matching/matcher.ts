/**
 * Patterns of tool names. They are compiled once, when a hook is loaded; an invalid pattern refuses
 * the whole file.
 */
import { InvalidInputError } from '../../errors.ts';
import type { Dialect, MatcherRule } from '../dialect.ts';
import { aliasesOf } from '../dialect-lookup.ts';
import { compileExpression, type Expression } from './patterns/expression.ts';
import { Matching, maxSubjectLength } from './patterns/matching.ts';
import { compileNames, type Names } from './patterns/names.ts';
import { compiledOr, type PatternProblem, quotePattern } from './patterns/problem.ts';
import { compileWildcard } from './patterns/wildcard.ts';

/**
 * Whether a hook is for this tool.
 * @param matching shared by the hooks of the event, so that they have one limit together. A name
 * whose comparison exceeds the limit counts as a match.
 */
export type Matcher = (toolName: string, matching?: Matching) => boolean;

const everything: Matcher = () => true;
const nothing: Matcher = () => false;
const exactLists = { bars: /^[A-Za-z0-9_|]+$/, 'bars-and-commas': /^[A-Za-z0-9_\- ,|]+$/ } as const;

/**
 * A pure function of its arguments; takes 1 to 50 µs, and at most 1 ms.
 * @param written the pattern as configured; undefined where the event has no matcher.
 * @param rule the event's own rule, where it has one.
 * @throws InvalidInputError `INVALID_HOOKS` when the pattern is not a regular expression, has
 * back-references, or is larger than patterns/ permits.
 */
export function compileMatcher(
  dialect: Dialect,
  written: string | undefined,
  rule: MatcherRule = dialect.matcher,
): Matcher {
  const matches = compilePattern(written, rule);
  if (dialect.matcherAliases === undefined) return matches;
  return (name, matching) =>
    matches(name, matching) ||
    aliasesOf(dialect, name)?.some((alias) => matches(alias, matching)) === true;
}

function compilePattern(written: string | undefined, rule: MatcherRule): Matcher {
  const pattern = (rule.trims === true ? written?.trim() : written) ?? '';
  if (pattern === '') return rule.emptyMatches === 'everything' ? everything : nothing;
  if (pattern === '*' || (rule.doubleStar === true && pattern === '**')) return everything;
  if (rule.kind === 'literal') return (name) => name === pattern;
  return rule.kind === 'glob' ? compileToolGlob(pattern) : compileRegex(rule, pattern);
}

/** `*` stands for any text; everything else for itself. */
function compileToolGlob(pattern: string): Matcher {
  // `@builtin` matches all of the agent's own tools, `@server` all tools of one server.
  if (pattern === '@builtin') return (name) => !name.startsWith('@');
  if (/^@[^/*]+$/.test(pattern))
    return (name) => name === pattern || name.startsWith(`${pattern}/`);
  if (!pattern.includes('*')) return (name) => name === pattern;
  const matches = compileWildcard(pattern);
  return (name, matching = new Matching()) =>
    isTooLong(name) ? matching.cannotTell() : matches(name);
}

function compileRegex(rule: MatcherRule, pattern: string): Matcher {
  if (rule.exactList !== undefined && exactLists[rule.exactList].test(pattern)) {
    const names = new Set(pattern.split(/[|,]/).map((name) => name.trim()));
    return (name) => names.has(name);
  }
  const bare = rule.slashes === true ? pattern.replace(/^\/(.+)\/$/, '$1') : pattern;
  const ignoresCase = rule.inlineCase === true && bare.startsWith('(?i)');
  const names = ignoresCase ? undefined : compileNames(bare, rule.anchored);
  if (names !== undefined) return namesMatcher(names);
  const source = ignoresCase ? bare.slice('(?i)'.length) : bare;
  // Properties and code points need the u flag.
  const flags = `${/\\[pP]\{|\\u\{/.test(source) ? 'u' : ''}${ignoresCase ? 'i' : ''}`;
  const refuse = (cause: PatternProblem): never => {
    throw new InvalidInputError(
      'INVALID_HOOKS',
      `matcher ${quotePattern(pattern)} ${cause.message}.`,
      { cause },
    );
  };
  return expressionMatcher(
    compiledOr(() => compileExpression(source, { flags, isWhole: rule.anchored }), refuse),
  );
}

function namesMatcher({ exact, wild }: Names): Matcher {
  if (wild.length === 0) return (name) => exact.has(name);
  return (name, matching = new Matching()) => {
    if (exact.has(name)) return true;
    // In an expression, `.*` ends at a line break.
    if (isTooLong(name) || /[\n\r\u2028\u2029]/.test(name) || !matching.spend(wild.length))
      return matching.cannotTell();
    return wild.some((matches) => matches(name));
  };
}

function expressionMatcher(expression: Expression): Matcher {
  return (name, matching = new Matching()) =>
    (isTooLong(name) ? undefined : expression(name, matching)) ?? matching.cannotTell();
}

function isTooLong(name: string): boolean {
  return name.length > maxSubjectLength;
}
