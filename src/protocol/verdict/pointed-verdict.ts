/** Reads a verdict at JSON pointers, in the answer of a service that speaks no dialect. */
import type { Said } from '../decision.ts';
import type { VerdictRule, VerdictRules } from '../http-action.ts';
import { isJsonObject, maxJsonDepth } from '../json.ts';
import { scanJson } from '../json-scan.ts';

const kinds = ['block', 'ask', 'allow'] as const;
const mostValues = 10_000;

/** @returns the verdict, or why there is none: an answer that lacks it is no consent. */
export function pointedVerdict(
  text: string,
  rules: VerdictRules,
): { readonly said?: Said; readonly problem?: string } {
  const { over, duplicate } = scanJson(text, { depth: maxJsonDepth, values: mostValues });
  if (over !== undefined) return { problem: 'it is too large to be read' };
  // JSON.parse() takes the last one, and a service that quotes what it judges may write it.
  if (duplicate !== undefined) return { problem: 'a key of it is there twice' };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  const reason = rules.reason === undefined ? undefined : valueAtPointer(root, rules.reason);
  const said = { reason: typeof reason === 'string' ? reason : undefined };
  for (const kind of kinds) {
    const rule = rules[kind];
    if (rule === undefined) continue;
    const held = holds(root, rule);
    if (typeof held === 'string') return { problem: held };
    if (held) return { said: { ...said, decision: kind } };
  }
  return { said: { ...said, decision: 'none' } };
}

function holds(root: unknown, rule: VerdictRule): boolean | string {
  const { at, equals } = typeof rule === 'string' ? { at: rule, equals: undefined } : rule;
  const value = valueAtPointer(root, at);
  if (value === undefined) return `it has nothing at ${at}`;
  if (equals !== undefined) return JSON.stringify(value) === JSON.stringify(equals);
  return typeof value === 'boolean' ? value : `${at} is neither true nor false`;
}

function valueAtPointer(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const isIndex = Array.isArray(value) && /^(0|[1-9]\d{0,8})$/.test(name);
    if (!isIndex && !(isJsonObject(value) && Object.hasOwn(value, name))) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
