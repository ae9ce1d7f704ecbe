/** The answer to an agent when there is no decision. */
import type { EventKind } from '../agents/answer-table.ts';
import { answersTo, findDialect } from '../agents/registry.ts';
import { plainText } from '../plain-text.ts';
import type { FailMode } from '../protocol/dialect.ts';
import { eventNameIn } from '../protocol/dialect-lookup.ts';
import { isJsonObject } from '../protocol/json.ts';
import { type Answer, answerFor, type Medium } from './answer-for.ts';

const maxReasonLength = 2_000;

export interface Undecided {
  readonly dialect: string;
  readonly event: string | undefined;
  /** undefined: the default for the kind of the event. */
  readonly failMode: FailMode | undefined;
}

/**
 * @param context the agent's JSON as far as it is known, which may name the event.
 * @throws InvalidInputError `UNKNOWN_DIALECT`
 */
export function undecidedAnswer(
  { dialect, event, failMode }: Undecided,
  context: Buffer,
  why: string,
  medium: Medium = 'process',
): Answer {
  const name = event ?? eventIn(dialect, context) ?? '';
  const mode = failMode ?? failModeOf(answersTo(dialect, name).answers.kind);
  const reason = `hookpool has no decision: ${ended(inShort(why))}`;
  return answerFor(dialect, name, inputFor(mode, reason), medium);
}

function inputFor(mode: FailMode, reason: string) {
  switch (mode) {
    case 'block':
      return { decision: 'block', reason: `${reason} Without one it is blocked.` } as const;
    // It becomes a block where the agent can ask nobody.
    case 'ask':
      return { decision: 'ask', reason: `${reason} A person decides.` } as const;
    case 'allow':
      return {
        decision: 'none',
        systemMessage: `${reason} The agent goes on without one.`,
      } as const;
  }
}

/**
 * Makes a reason safe and short: it may quote a server, a file or the environment, and an agent
 * shows it to a person.
 */
export function inShort(why: string): string {
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
