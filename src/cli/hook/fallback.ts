/** What the agent is told when there is no decision. Loaded only then: a good answer was made by the server. */

import type { EventKind } from '../../agents/answer-table.ts';
import { answersTo, findDialect } from '../../agents/registry.ts';
import type { Answer } from '../../answering/answer-for.ts';
import { answerFor } from '../../answering/answer-for.ts';
import { messageOf } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import { eventNameIn } from '../../protocol/dialect.ts';
import { isJsonObject } from '../../protocol/json.ts';

const maxReasonLength = 2_000;

export interface Undecided {
  readonly dialect: string;
  readonly event: string | undefined;
  /** Undefined: what fits the event. */
  readonly failMode: 'allow' | 'block' | undefined;
}

export function fallback({ dialect, event, failMode }: Undecided, context: Buffer, why: string): Answer {
  try {
    const name = event ?? eventIn(dialect, context) ?? '';
    const mode = failMode ?? failModeOf(answersTo(dialect, name).answers.kind);
    const reason = `hookpool has no decision: ${inShort(why)}.`;
    if (mode === 'block') return answerFor(dialect, name, { decision: 'block', reason: `${reason} Without one it is blocked.` });
    return answerFor(dialect, name, { decision: 'none', systemMessage: `${reason} The agent goes on without one.` });
  } catch (error) {
    return blockAnyAgent(`${messageOf(error)} (${inShort(why)})`);
  }
}

/** Exit code 2 with a text on stderr: of a dialect that is not known, the one block that all have in common. */
export function blockAnyAgent(why: string): Answer {
  return { stdout: '', stderr: `hookpool hook: ${inShort(why)}\n`, exitCode: 2 };
}

/** It may quote what some server, file or environment says, and an agent shows it to a person. */
function inShort(why: string): string {
  const text = plainText(why);
  return text.length <= maxReasonLength ? text : `${text.slice(0, maxReasonLength)}…`;
}

/** A guard holds. But an agent that may not stop as long as a server is away would go round in circles. */
function failModeOf(kind: EventKind): 'allow' | 'block' {
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
