/** A block in the body of an HTTP answer, where no exit code is read. */
import { type EventAnswers, isBefore, type Template, type Words } from '../agents/answer-table.ts';

/**
 * The words of the block without an exit code. Where the table knows only an exit code, both fields
 * of these agents that may block go out: `decision`, and before an action also the end of the turn,
 * because the event may not have the first.
 */
export function bodyBlock({ block, bodyBlock: own, kind, system }: EventAnswers): Words {
  if (own !== undefined) return { stdout: own };
  if (block.stdout !== undefined) return { stdout: block.stdout };
  if (kind === 'notice' && system !== undefined) return { stdout: { systemMessage: '$reason' } };
  const decision = { decision: 'block', reason: '$reason' } satisfies Template;
  return { stdout: isBefore(kind) ? { ...decision, ...turnEnd } : decision };
}

const turnEnd = { continue: false, stopReason: '$reason' } satisfies Template;
