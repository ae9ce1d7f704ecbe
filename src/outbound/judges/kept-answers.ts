/** The answers of judges where a hook lets them be kept: equal questions are asked once. */
import type { Job } from '../../protocol/job.ts';
import type { JudgeAction } from '../../protocol/judge-action.ts';
import { type Question, renderPrompt } from '../../protocol/prompt-template.ts';
import { untilStopped } from '../stop.ts';
import type { Asking } from './ask-judge.ts';
import { cacheKey, type VerdictCache } from './cache.ts';
import { isLarger } from './question-size.ts';
import { type Conversation, converse } from './turns.ts';

export class KeptAnswers {
  readonly #cache: VerdictCache;
  /** Questions that are being asked, by their keys. */
  readonly #pending = new Map<string, Promise<string>>();

  constructor(cache: VerdictCache) {
    this.#cache = cache;
  }

  /** The text of the answer, which may be one that was given before. */
  async answer(
    asking: Asking,
    conversation: Conversation,
    job: Job<JudgeAction>,
    { policy, data }: Question,
  ): Promise<string> {
    const { action, event } = job.hook;
    const { cache } = action;
    if (cache === undefined) return converse(asking, conversation);
    const { judge, tenant, tally } = asking;
    const picked =
      cache.of === undefined
        ? undefined
        : renderPrompt('none', { prompt: '', select: cache.of }, contextOf(job));
    // Events that lack a member differ in the others: they are not one question.
    if (picked !== undefined && picked.missing.length > 0) return converse(asking, conversation);
    const chosen = picked?.data ?? data;
    // Members beside the question may be large, and the key reads them as JSON.
    if (isLarger(judge.entry.inputBytes, '', chosen)) return converse(asking, conversation);
    const key = cacheKey({
      ...{ tenant, judge, event, policy, data: chosen },
      ...{ dialect: job.dialect.name, prompt: action.prompt },
    });
    const other = this.#pending.get(key);
    const known =
      other &&
      (await untilStopped(
        asking.signal,
        other.catch(() => undefined),
      ));
    if (known !== undefined) {
      tally.cached('hit');
      return known;
    }
    const answer = this.#keptOrAsked(asking, conversation, key, cache.seconds);
    // A question of a shadow hook waits longer, and nobody who is heard waits with it.
    if (asking.share === 1) this.#pending.set(key, answer);
    try {
      return await answer;
    } finally {
      if (this.#pending.get(key) === answer) this.#pending.delete(key);
    }
  }

  async #keptOrAsked(
    asking: Asking,
    conversation: Conversation,
    key: string,
    seconds: number,
  ): Promise<string> {
    const kept = await this.#cache.get(key);
    asking.tally.cached(kept === undefined ? 'miss' : 'hit');
    if (kept !== undefined) return kept;
    const text = await converse(asking, conversation);
    this.#cache.set(key, text, seconds);
    return text;
  }
}

/** The decoder drops a byte order mark, before which no member would be found. */
export function contextOf({ context }: Pick<Job, 'context'>): string {
  return new TextDecoder().decode(context);
}
