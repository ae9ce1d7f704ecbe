/** Warns of matchers and conditions that match nothing, with what was probably meant. */
import type { Dialect, EventRules } from '../dialect.ts';
import { knownTools, matchedBy, namesOf, otherCase } from './known-tools.ts';
import { ofToolMatcher, ofValueMatcher } from './matcher-warnings.ts';
import { quotePattern } from './patterns/problem.ts';
import { toolsOf } from './rule-tools.ts';

/** A valid matcher and a valid condition, as they are written. */
export interface WrittenPatterns {
  readonly matcher?: string | null | undefined;
  readonly if?: string | undefined;
}

/** The key that the warning is about, and a sentence. */
export type PatternWarning = readonly ['matcher' | 'if', string];

export function neverMatching(
  dialect: Dialect,
  rules: EventRules,
  written: WrittenPatterns,
): PatternWarning[] {
  const matcher = rules.usesMatcher ? (written.matcher ?? undefined) : undefined;
  const ofTools = rules.matchOn === undefined ? matcher : undefined;
  const warningsOf = ofTools === undefined ? ofValueMatcher : ofToolMatcher;
  return [
    ...(matcher === undefined ? [] : warningsOf(dialect, rules, matcher)).map(
      (text) => ['matcher', text] as const,
    ),
    ...ofCondition(dialect, rules, written.if, ofTools).map((text) => ['if', text] as const),
  ];
}

function ofCondition(
  dialect: Dialect,
  rules: EventRules,
  condition: string | undefined,
  matcher: string | undefined,
): string[] {
  const [, tool, pattern = ''] = /^\s*([\w.-]+)(?:\((.*)\))?\s*$/s.exec(condition ?? '') ?? [];
  if (tool === undefined || tool.startsWith('mcp__')) return [];
  const misread = ofPattern(String(condition), tool, pattern);
  if (misread !== undefined) return [misread];
  const wrong = toolsOf(tool).some((name) => knownTools(dialect).includes(name))
    ? []
    : otherCase(dialect, 'condition', tool);
  if (wrong.length > 0 || matcher === undefined) return wrong;
  return namesOf(dialect, tool).some(matchedBy(dialect, rules, matcher))
    ? []
    : [
        `The condition is for ${tool}, which the matcher ${quotePattern(matcher)} does not match: the hook never runs.`,
      ];
}

function ofPattern(condition: string, tool: string, pattern: string): string | undefined {
  if (/\)\s*(?:[|,&]+|or|and)\s*[A-Za-z]\w*\(/.test(pattern))
    return 'if holds one rule, and this text is compared as a whole: write a hook for each rule.';
  if (/:\*(?!\s*$)/.test(pattern))
    return `In the condition ${quotePattern(condition)} the text ":*" stands for itself, because only at the end it is any text: write " *".`;
  // In quotes an operator is a text.
  if (toolsOf(tool).includes('Bash') && /^[^'"\\]*?(?:&&|;|\|)[^'"\\]*$/.test(pattern))
    return `The condition ${quotePattern(condition)} has an operator, and each command of a line is compared alone: write a hook for each command.`;
  return undefined;
}
