/**
 * Writes a decision in the agent's own format. A part that the agent cannot express becomes
 * stricter, never milder: an ask where no person can be asked, a rewrite that the agent would not
 * apply, and an end of the turn that would take effect too late all become blocks. An allow is an
 * empty answer: the agent's own permissions stay in force.
 */

import type { EventAnswers, Template, Words } from '../agents/answer-table.ts';
import { answersTo, findDialect } from '../agents/registry.ts';
import type { AnswerInput } from './answer-input.ts';
import { bodyBlock } from './body-block.ts';
import { fill, type Holes, join, toLine } from './fill.ts';
import { fitText, isVisible, plainText } from './text.ts';
import { changeOf, whyBlock } from './why-block.ts';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** How an answer reaches the agent: as the end of a process, or as the body of an HTTP answer. */
export type Medium = 'process' | 'http';

/**
 * @param medium over http the whole answer is in stdout, and the exit code is 0.
 * @throws InvalidInputError `UNKNOWN_DIALECT`
 */
export function answerFor(
  dialect: string,
  event: string,
  told: AnswerInput,
  medium: Medium = 'process',
): Answer {
  const { name, answers: ofProcess } = answersTo(dialect, event);
  const answers = medium === 'http' ? { ...ofProcess, block: bodyBlock(ofProcess) } : ofProcess;
  const verdict = verdictOf(answers, told);
  const fields = fieldsFor(answers, verdict);
  const { parts, notes } = partsOf(fields, verdict, told);
  const texts = textsOf(verdict, told);
  const holes = { ...told.extra, event: name, input: told.effectiveInput, ...texts };
  const { system } = fields;
  const isOut = medium === 'http';
  if (notes.length === 0 || system === undefined)
    return print(verdict.words, parts, holes, isOut ? [] : notes);
  if (!isOut && !findDialect(dialect).output.elseStderr)
    return print(verdict.words, parts, holes, notes);
  // The agent reads no stderr, or takes a text there for an allow where stdout is empty.
  const messages = [texts.system, ...notes].filter(isVisible);
  const all = { ...holes, system: fitText(messages.join('\n')) };
  return print(verdict.words, [...parts, system], all, []);
}

/** The verdict that is sent, and its form. */
interface Verdict {
  readonly decision: 'block' | 'ask' | 'none';
  readonly words: Words;
  /** Why a milder decision became a block. */
  readonly because?: string;
}

function verdictOf(answers: EventAnswers, told: AnswerInput): Verdict {
  const because = whyBlock(answers, told);
  if (because !== undefined) return { decision: 'block', words: answers.block, because };
  if (told.decision === 'ask' && answers.ask !== undefined)
    return { decision: 'ask', words: answers.ask };
  return { decision: 'none', words: {} };
}

/**
 * The context of a block or an ask is appended to its reason, because every agent passes the reason
 * on.
 */
function textsOf({ decision, because }: Verdict, told: AnswerInput) {
  const { reason, additionalContext, stopReason, systemMessage } = told;
  const first = [because, reason].find(isVisible) ?? defaultReason(decision, told);
  const whole =
    decision !== 'none' && isVisible(additionalContext)
      ? `${first}\n\n${additionalContext}`
      : first;
  return {
    reason: fitText(whole),
    context: fitText(additionalContext ?? ''),
    system: fitText(systemMessage ?? ''),
    stop: fitText([stopReason, reason].find(isVisible) ?? 'A hook ended the turn.'),
  };
}

function defaultReason(decision: Verdict['decision'], { decidedBy }: AnswerInput): string {
  const who = decidedBy === undefined ? 'A hook' : `The hook ${decidedBy}`;
  return decision === 'ask'
    ? `${who} asks for a confirmation.`
    : `${who} blocked this and gave no reason.`;
}

/**
 * Leaves out all other fields where the verdict is an exit code without stdout: the agent reads
 * nothing else then.
 */
function fieldsFor(answers: EventAnswers, { words }: Verdict): EventAnswers {
  if (words.exitCode === undefined || words.stdout !== undefined) return answers;
  const { kind, blocks, block } = answers;
  return { kind, blocks, block };
}

/** The fields beside the verdict; `notes` holds the texts that the agent has no field for. */
function partsOf(
  answers: EventAnswers,
  { decision }: Verdict,
  told: AnswerInput,
): { parts: Template[]; notes: string[] } {
  const parts: Template[] = [];
  const notes: string[] = [];
  const add = (template: Template | undefined, text: string) => {
    if (template === undefined) notes.push(`hookpool: ${fitText(text)}`);
    else parts.push(template);
  };
  const { additionalContext, systemMessage, updatedInput, extra = {} } = told;
  if (decision === 'none' && isVisible(additionalContext)) add(answers.context, additionalContext);
  if (isVisible(systemMessage)) add(answers.system, systemMessage);
  if (decision !== 'block' && updatedInput !== undefined && answers.input !== undefined)
    parts.push(answers.input);
  for (const failure of decision === 'block' ? [] : (told.failures ?? [])) add(undefined, failure);
  for (const name of decision === 'block' ? [] : Object.keys(extra))
    add(changeOf(answers, name), `${name} cannot be said here.`);
  if (endsTurn(answers, decision, told) && answers.stop !== undefined) parts.push(answers.stop);
  return { parts, notes };
}

/**
 * Whether the answer ends the turn. Beside a block of a stop event, the end of the turn would undo
 * the block.
 */
function endsTurn(
  { kind }: EventAnswers,
  decision: Verdict['decision'],
  told: AnswerInput,
): boolean {
  return told.continue === false && !(kind === 'stop' && decision === 'block');
}

function print(
  words: Words,
  parts: readonly Template[],
  holes: Holes,
  notes: readonly string[],
): Answer {
  const whole = join([...(words.stdout === undefined ? [] : [words.stdout]), ...parts]);
  const filled = whole === undefined ? undefined : fill(whole, holes);
  const errors = [
    ...(words.stderr === undefined ? [] : [String(fill(words.stderr, holes))]),
    ...notes,
  ];
  return {
    stdout:
      filled === undefined
        ? ''
        : typeof filled === 'string'
          ? `${plainText(filled)}\n`
          : toLine(filled),
    stderr: errors.length === 0 ? '' : `${plainText(errors.join('\n'))}\n`,
    exitCode: words.exitCode ?? 0,
  };
}
