/** What is wrong with a matcher, or a part of it, that matches nothing. */
import type { Dialect, EventRules } from '../dialect.ts';
import { knownTools, matchedBy, otherAgent, otherCase } from './known-tools.ts';
import { quotePattern } from './patterns/problem.ts';

/** The names of a list that are looked at: 1,000 hooks with so many take 0.4 s. */
const mostNames = 20;

/** Warnings of a valid matcher of tools. */
export function ofToolMatcher(dialect: Dialect, rules: EventRules, matcher: string): string[] {
  const rule = ruleIn(matcher) ?? ruleAmong(dialect, rules, matcher);
  if (rule !== undefined) {
    const [written, tool] = rule;
    const whole = written === matcher.trim();
    return [
      `${whole ? 'The matcher' : 'In the matcher, the part'} ${quotePattern(whole ? matcher : written)} matches no tool, because it is a condition: write ${whole ? '' : 'a hook with '}matcher: ${tool}, and if: ${quotePattern(whole ? matcher : written)}.`,
    ];
  }
  const tools = knownTools(dialect);
  const isOfOthers = !tools.some(matchedBy(dialect, rules, matcher));
  return piecesOf(matcher)
    .filter((name) => !tools.some(matchedBy(dialect, rules, name)))
    .flatMap((name) => {
      const other = otherCase(dialect, 'matcher', name);
      if (other.length > 0) return other;
      const ofOthers = isOfOthers ? otherAgent(dialect, name) : [];
      return ofOthers.length > 0 ? ofOthers : wordsOf(dialect, name);
    });
}

/** Warnings of a valid matcher that is compared with a member whose values are known. */
export function ofValueMatcher(dialect: Dialect, rules: EventRules, matcher: string): string[] {
  const { matchValues = [], matchOn } = rules;
  if (matchValues.length === 0) return [];
  return piecesOf(matcher)
    .filter((piece) => !matchValues.some(matchedBy(dialect, rules, piece)))
    .map(
      (piece) =>
        `The matcher ${quotePattern(piece)} matches no ${matchOn} of ${dialect.about}: write ${matchValues.join(' or ')}.`,
    );
}

/** The names of a list, or the whole matcher. */
function piecesOf(matcher: string): string[] {
  const [, names] = /^\^?\(?([\w\-|, ]+)\)?\$?$/.exec(matcher) ?? [];
  const pieces = names === undefined ? [matcher] : names.split(/[|,]/, mostNames);
  return pieces.map((name) => name.trim()).filter((name) => name !== '');
}

/** A matcher that is a condition as a whole, and its tool. */
function ruleIn(matcher: string): readonly [string, string] | undefined {
  const [whole, tool = '', inner = ''] = /^\s*([A-Za-z]\w*)\((.*)\)\s*$/s.exec(matcher) ?? [];
  return whole !== undefined && /[\s:/~]/.test(inner) ? [whole.trim(), tool] : undefined;
}

/**
 * An alternative that is a condition of a known tool: as a group behind its name it matches none.
 * In a class or behind a backslash the text may be no group, and then it is not looked at.
 */
function ruleAmong(
  dialect: Dialect,
  rules: EventRules,
  matcher: string,
): readonly [string, string] | undefined {
  if (/[[\\]/.test(matcher)) return undefined;
  const tools = knownTools(dialect);
  const parts = [...matcher.matchAll(/(?<![\w)])([A-Za-z]\w*)\((?!\*)[^()?+{}]*\)/g)];
  return parts
    .slice(0, mostNames)
    .map(([written, tool]) => [written, tool as string] as const)
    .find(
      ([written, tool]) => tools.includes(tool) && !tools.some(matchedBy(dialect, rules, written)),
    );
}

/** Names of known tools in a text that is no name: `Edit Write`, `tool == "Bash"`, `bash.*`. */
function wordsOf(dialect: Dialect, text: string): string[] {
  if (/mcp|@|^\w+$/i.test(text)) return [];
  const tools = knownTools(dialect);
  const words = (text.match(/\w+/g) ?? [])
    .slice(0, mostNames)
    .flatMap((word) => tools.find((tool) => tool.toLowerCase() === word.toLowerCase()) ?? []);
  return words.length === 0
    ? []
    : [
        `The matcher ${quotePattern(text)} matches no tool of ${dialect.about}: write ${[...new Set(words)].join('|')}.`,
      ];
}
