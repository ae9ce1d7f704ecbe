/**
 * The answer to the agent when there is no decision. It is only loaded then: the answer to a
 * decision is made elsewhere.
 */

import type { EventKind } from '../../agents/answer-table.ts';
import { answersTo, findDialect } from '../../agents/registry.ts';
import type { Answer } from '../../answering/answer-for.ts';
import { answerFor } from '../../answering/answer-for.ts';
import { messageOf } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import type { FailMode } from '../../protocol/dialect.ts';
import { eventNameIn } from '../../protocol/dialect-lookup.ts';
import { isJsonObject } from '../../protocol/json.ts';

const maxReasonLength = 2_000;

export interface Undecided {
  readonly dialect: string;
  readonly event: string | undefined;
  /** undefined: the default for the kind of the event. */
  readonly failMode: FailMode | undefined;
}

export function fallback(
  { dialect, event, failMode }: Undecided,
  context: Buffer,
  why: string,
): Answer {
  try {
    const name = event ?? eventIn(dialect, context) ?? '';
    const mode = failMode ?? failModeOf(answersTo(dialect, name).answers.kind);
    const reason = `hookpool has no decision: ${ended(inShort(why))}`;
    if (mode === 'block')
      return answerFor(dialect, name, {
        decision: 'block',
        reason: `${reason} Without one it is blocked.`,
      });
    // It becomes a block where the agent can ask nobody.
    if (mode === 'ask')
      return answerFor(dialect, name, { decision: 'ask', reason: `${reason} A person decides.` });
    return answerFor(dialect, name, {
      decision: 'none',
      systemMessage: `${reason} The agent goes on without one.`,
    });
  } catch (error) {
    return blockAnyAgent(`${messageOf(error)} (${inShort(why)})`);
  }
}

/**
 * Exit code 2 with a text on stderr, for an unknown dialect: the one form of a block that all
 * dialects have in common.
 */
export function blockAnyAgent(why: string): Answer {
  return { stdout: '', stderr: `hookpool hook: ${inShort(why)}\n`, exitCode: 2 };
}

/**
 * Makes a reason safe and short: it may quote a server, a file or the environment, and an agent
 * shows it to a person.
 */
function inShort(why: string): string {
  const text = plainText(why);
  return text.length <= maxReasonLength ? text : `${text.slice(0, maxReasonLength)}…`;
}

/** Ends a sentence that has no end of its own. */
function ended(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

/**
 * Blocks by default, but not at the end of a turn or for a notice: an agent that may not stop while
 * a server is unreachable would run in a loop.
 */
function failModeOf(kind: EventKind): FailMode {
  return kind === 'stop' || kind === 'notice' ? 'allow' : 'block';
}

function eventIn(dialect: string, context: Buffer): string | undefined {
  try {
    const root: unknown = JSON.parse(context.toString());
    return isJsonObject(root) ? eventNameIn(findDialect(dialect), root) : undefined;
  } catch {
    return undefined;
  }
}
