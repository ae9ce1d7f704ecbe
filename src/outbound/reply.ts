/** What an answer of a target means, before the dialect reads its body. */
import type { HookError, HttpReading, Reply } from '../protocol/decision.ts';
import type { HttpAction } from '../protocol/http-action.ts';
import { pointedVerdict } from '../protocol/verdict/pointed-verdict.ts';
import type { TargetAnswer } from './exchange.ts';

interface ReadingPlace extends Pick<HttpReading, 'mayGrant'> {
  /** Values of secrets that were sent. */
  readonly secrets: readonly string[];
}

/** Shorter values stand in answers by chance. */
const leastSecret = 8;
const mostReason = 2_000;

/**
 * A status that the hook gives a meaning decides; else a status beside 2xx is an error, and the body
 * is read: at the hook's pointers, where an empty one lacks the verdict, or like stdout.
 */
export function outcomeOf(
  { status, body }: TargetAnswer,
  { statuses, verdict }: Pick<HttpAction, 'statuses' | 'verdict'>,
  { mayGrant, secrets }: ReadingPlace,
): Reply | HookError {
  // Answers are shown in results: one that repeats a key would carry it there.
  const reply = { reply: body, totalBytes: body.length };
  const text = new TextDecoder().decode(body).trim();
  if (repeats(text, secrets)) return problem('HTTP_BODY', 'it repeats a secret of its request');
  const meaning = statuses?.[String(status)];
  if (meaning !== undefined) {
    const reason = text === '' ? `The target answered ${status}.` : text.slice(0, mostReason);
    return { ...reply, http: { mayGrant, said: { decision: meaning, reason } } };
  }
  if (status < 200 || status > 299)
    return {
      code: 'HTTP_STATUS',
      message: `The target answered ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}.`,
    };
  if (verdict === undefined) return { ...reply, http: { mayGrant } };
  const { said, problem: why } = pointedVerdict(text, verdict);
  return said === undefined
    ? problem('HTTP_BODY', String(why))
    : { ...reply, http: { mayGrant, said } };
}

/** Whether a secret is in the text as it is, in a JSON text, or in a JSON text within one. */
export function repeats(text: string, secrets: readonly string[]): boolean {
  const long = secrets.filter((value) => value.length >= leastSecret);
  if (long.some((value) => text.includes(value))) return true;
  return text.includes('\\') && long.some((value) => escaped(value).test(text));
}

/**
 * Matches a text with any of its characters escaped as JSON does it, once or twice: three
 * backslashes before a character, four for each of its own. Those of a run are counted together,
 * so that the time is linear in the answer.
 */
function escaped(value: string): RegExp {
  const parts = [...value.matchAll(/(\\*)([^\\]?)/g)].map(([, { length: own } = '', unit = '']) => {
    const run = `\\\\{${own},${4 * own + 3}}`;
    const hex = (unit || '\\').charCodeAt(0).toString(16).padStart(4, '0');
    const inAnyCase = hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
    return unit === '' ? run : `${run}(?:\\u${hex}|u${inAnyCase})`;
  });
  return new RegExp(parts.join(''));
}

function problem(code: HookError['code'], what: string): HookError {
  return { code, message: `The answer cannot be used: ${what}.` };
}
