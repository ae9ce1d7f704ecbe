/**
 * The answer to the agent when there is no decision. It is only loaded then: the answer to a
 * decision is made elsewhere.
 */
import type { Answer } from '../../answering/answer-for.ts';
import { inShort, type Undecided, undecidedAnswer } from '../../answering/undecided.ts';
import { messageOf } from '../../errors.ts';

export function fallback(undecided: Undecided, context: Buffer, why: string): Answer {
  try {
    return undecidedAnswer(undecided, context, why);
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
