/** Warns of matchers and conditions that match nothing, with what was probably meant. */
import type { Dialect, EventRules } from '../dialect.ts';
import { compileMatcher } from './matcher.ts';
import { quotePattern } from './patterns/problem.ts';
import { toolsOf } from './rule-tools.ts';

/** A valid matcher and a valid condition, as they are written. */
export interface WrittenPatterns {
  readonly matcher?: string | null | undefined;
  readonly if?: string | undefined;
}

/** The key that the warning is about, and a sentence. */
export type PatternWarning = readonly ['matcher' | 'if', string];

/** The names of a list that are looked at: 1,000 hooks with so many take 0.2 s. */
const mostNames = 20;

export function neverMatching(
  dialect: Dialect,
  rules: EventRules,
  written: WrittenPatterns,
): PatternWarning[] {
  const matcher = rules.usesMatcher && rules.matchOn === undefined ? written.matcher : undefined;
  const matcherWarnings = typeof matcher === 'string' ? ofMatcher(dialect, rules, matcher) : [];
  return [
    ...matcherWarnings.map((text) => ['matcher', text] as const),
    ...ofCondition(dialect, rules, written.if, matcher).map((text) => ['if', text] as const),
  ];
}

function ofMatcher(dialect: Dialect, rules: EventRules, matcher: string): string[] {
  const [opening, tool] = /^\s*([A-Za-z]\w*)\(/.exec(matcher) ?? [];
  const inner = matcher.slice(opening?.length).trimEnd();
  if (opening !== undefined && inner.endsWith(')') && /[\s:/~]/.test(inner))
    return [
      `The matcher ${quotePattern(matcher)} matches no tool, because it is a condition: write matcher: ${tool}, and if: ${quotePattern(matcher)}.`,
    ];
  const [, names = ''] = /^\^?\(?([\w\-|, ]+)\)?\$?$/.exec(matcher) ?? [];
  return names
    .split(/[|,]/, mostNames)
    .map((name) => name.trim())
    .filter((name) => name !== '' && !knownTools(dialect).some(matchedBy(dialect, rules, name)))
    .flatMap((name) => otherCase(dialect, 'matcher', name));
}

function ofCondition(
  dialect: Dialect,
  rules: EventRules,
  condition: string | undefined,
  matcher: string | null | undefined,
): string[] {
  const [, tool, pattern = ''] = /^\s*([\w.-]+)(?:\((.*)\))?\s*$/s.exec(condition ?? '') ?? [];
  if (tool === undefined || tool.startsWith('mcp__')) return [];
  if (/\)\s*(?:[|,&]+|or|and)\s*[A-Za-z]\w*\(/.test(pattern))
    return ['if holds one rule, and this text is compared as a whole: write a hook for each rule.'];
  if (/:\*(?!$)/.test(pattern))
    return [
      `In the condition ${quotePattern(String(condition))} the text ":*" stands for itself, because only at the end it is any text: write " *".`,
    ];
  const wrong = toolsOf(tool).some((name) => knownTools(dialect).includes(name))
    ? []
    : otherCase(dialect, 'condition', tool);
  if (wrong.length > 0 || typeof matcher !== 'string') return wrong;
  return namesOf(dialect, tool).some(matchedBy(dialect, rules, matcher))
    ? []
    : [
        `The condition is for ${tool}, which the matcher ${quotePattern(matcher)} does not match: the hook never runs.`,
      ];
}

function matchedBy(dialect: Dialect, rules: EventRules, matcher: string) {
  const matches = compileMatcher(dialect, matcher, rules.matcher);
  return (name: string) => matches(name);
}

/** The tools that a condition stands for, under all of their names. */
function namesOf({ matcherAliases = {} }: Dialect, tool: string): readonly string[] {
  const covered = toolsOf(tool);
  const named = Object.keys(matcherAliases).filter((name) =>
    matcherAliases[name]?.some((alias) => covered.includes(alias)),
  );
  return [...covered, ...named];
}

function knownTools({ tools = [], matcherAliases = {} }: Dialect): readonly string[] {
  return [...tools, ...Object.values(matcherAliases).flat()];
}

/** A warning where a tool has this name in another case. */
function otherCase(dialect: Dialect, what: string, name: string): string[] {
  const meant = knownTools(dialect).find((tool) => tool.toLowerCase() === name.toLowerCase());
  if (meant === undefined) return [];
  return [
    `The ${what} names ${quotePattern(name)}, and the tool of ${dialect.about} is ${meant}: write ${meant}.`,
  ];
}
