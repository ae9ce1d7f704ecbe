/** The turns of a judge: tools as long as it may use them, then the verdict. */
import { hash, randomBytes } from 'node:crypto';
import type { HookError, JudgeReading } from '../../protocol/decision.ts';
import type { DataBlock } from '../../protocol/fence.ts';
import { readVerdict } from '../../protocol/verdict/judge-verdict.ts';
import { AskError, malformed } from './ask-error.ts';
import { type Asking, askJudge } from './ask-judge.ts';
import { textsOf } from './messages.ts';
import { checkSize } from './question-size.ts';
import type { Tools } from './tools.ts';
import type { ToolCall, WireAnswer } from './wire.ts';

export interface Conversation {
  readonly policy: string;
  readonly data: readonly DataBlock[];
  /** undefined: one answer without tools. */
  readonly tools: Tools | undefined;
  readonly maxTurns: number;
  readonly reading: JudgeReading;
}

const mostCalls = 20;
const mostTokens = 50_000;

/**
 * Asks until there is a verdict. Every turn is a conversation of its own, whose data has the results
 * of the tools so far: nothing that a tool or the judge said is in the place of a policy.
 * @returns the text of the answer. @throws AskError
 */
export async function converse(asking: Asking, conversation: Conversation): Promise<string> {
  const { tools, maxTurns, reading } = conversation;
  const found: DataBlock[] = [];
  for (let turn = 1; tools !== undefined; turn++) {
    const left = mostCalls - found.length;
    const isLast = turn >= maxTurns || left <= 0 || asking.tally.tokens >= mostTokens;
    // The verdict needs a turn as well.
    if (isLast) break;
    const answer = await ask(asking, conversation, found, left);
    if (answer.calls.length === 0) {
      if (readVerdict(answer.text, reading.isFenced).verdict !== undefined) return answer.text;
      break;
    }
    for (const call of answer.calls.slice(0, left)) {
      asking.signal.throwIfAborted();
      const { result, facts } = await tools.use(call, asking.signal);
      asking.tally.used(facts);
      found.push({ name: `TOOL_${found.length + 1}`, json: usedJson(call, result) });
    }
  }
  return verdict(asking, conversation, found);
}

function usedJson({ name, input }: ToolCall, result: string): string {
  return JSON.stringify({ tool: name, input, result });
}

/** A malformed answer is asked for once more, as a fresh conversation. */
async function verdict(
  asking: Asking,
  conversation: Conversation,
  found: readonly DataBlock[],
): Promise<string> {
  for (let repair = 0; ; repair++) {
    try {
      const { text, calls } = await ask(asking, conversation, found, 0);
      if (calls.length > 0) {
        if (conversation.tools === undefined)
          throw malformed('it calls a tool that it was not given');
        throw new AskError(turnsSpent(conversation));
      }
      const { problem } = readVerdict(text, conversation.reading.isFenced);
      if (problem === undefined) return text;
      throw malformed(problem);
    } catch (error) {
      const isRepairable =
        error instanceof AskError && error.problem.code === 'JUDGE_ANSWER_MALFORMED';
      const fits = performance.now() + asking.judge.times.median() < asking.endsAt;
      if (!isRepairable || repair > 0 || !fits) throw error;
    }
  }
}

function turnsSpent({ maxTurns }: Conversation): HookError {
  const message = `The judge wants further tools after ${maxTurns} turns, ${mostCalls} uses of tools or ${mostTokens} tokens, which are the most.`;
  return { code: 'JUDGE_TURNS', message };
}

async function ask(
  asking: Asking,
  { policy, data, tools }: Conversation,
  found: readonly DataBlock[],
  left: number,
): Promise<WireAnswer> {
  const mark = randomBytes(16).toString('hex');
  const specs = left > 0 ? (tools?.specs ?? []) : [];
  const box = { tools: specs.map(({ name }) => name), left };
  const blocks = [...data, ...found];
  checkSize(asking.judge, policy, blocks);
  const texts = textsOf(mark, policy, blocks, box);
  const answer = await askJudge(asking, { ...texts, tools: specs });
  if (answer.end === 'cut')
    throw new AskError({
      code: 'JUDGE_ANSWER_CUT',
      message: `The judge's answer was cut at ${asking.judge.entry.outputTokens} tokens: raise its outputTokens.`,
    });
  if (answer.end === 'refused')
    throw new AskError({ code: 'JUDGE_REFUSED', message: 'The judge refused to answer.' });
  return answer;
}

/** Of the author's text, for records. */
export function promptHash(prompt: string): string {
  return hash('sha256', prompt, 'hex');
}
