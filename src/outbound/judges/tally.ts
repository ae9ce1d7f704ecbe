/** Adds up what one hook asks of its judge, for its result and the audit record. */
import type { JudgeFacts, JudgeToolFacts } from '../../protocol/request-facts.ts';
import type { Judge } from './judges.ts';
import type { Usage } from './wire.ts';

/** Statuses and names of requests that are kept. */
const kept = 32;

export class Tally {
  readonly #judge: Judge;
  readonly #promptSha256: string;
  readonly #started = performance.now();
  readonly #statuses: number[] = [];
  readonly #requestIds: string[] = [];
  readonly #tools: JudgeToolFacts[] = [];
  #model: string | null = null;
  #calls = 0;
  #attempts = 0;
  #unknown = 0;
  #input = 0;
  #cached = 0;
  #output = 0;
  #cache: 'hit' | 'miss' | undefined;

  constructor(judge: Judge, promptSha256: string) {
    this.#judge = judge;
    this.#promptSha256 = promptSha256;
  }

  called(): void {
    this.#calls++;
  }

  /** @param requestId as the provider names it; only what looks like a name is kept. */
  attempted(status: number, requestId: string | undefined): void {
    this.#attempts++;
    if (this.#statuses.length < kept) this.#statuses.push(status);
    const isName = requestId !== undefined && /^[A-Za-z0-9_.:-]{1,100}$/.test(requestId);
    if (isName && this.#requestIds.length < kept) this.#requestIds.push(requestId);
  }

  /** @param usage undefined: the request was made, and what it cost is not known. */
  spent(usage: Usage | undefined, model?: string): void {
    if (model !== undefined) this.#model = model;
    if (usage === undefined) {
      this.#unknown++;
      return;
    }
    this.#input += usage.input;
    this.#cached += usage.cached;
    this.#output += usage.output;
  }

  used(tool: JudgeToolFacts): void {
    this.#tools.push(tool);
  }

  cached(how: 'hit' | 'miss'): void {
    this.#cache = how;
  }

  get tokens(): number {
    return this.#input + this.#output;
  }

  facts(): JudgeFacts {
    const { name, url } = this.#judge;
    return {
      ...{ judge: name, host: url.host, model: this.#model },
      ...{ calls: this.#calls, attempts: this.#attempts, statuses: this.#statuses },
      ...{ inputTokens: this.#input, cachedTokens: this.#cached, outputTokens: this.#output },
      ...{ cost: this.#cost(), spentUnknown: this.#unknown, promptSha256: this.#promptSha256 },
      ...(this.#cache === undefined ? {} : { cache: this.#cache }),
      ...{ requestIds: this.#requestIds, tools: this.#tools },
      totalMs: performance.now() - this.#started,
    };
  }

  #cost(): number | null {
    const { prices } = this.#judge.entry;
    if (prices === undefined) return null;
    const { input, cachedInput = input, output, per } = prices;
    const fresh = Math.max(0, this.#input - this.#cached);
    return (fresh * input + this.#cached * cachedInput + this.#output * output) / per;
  }
}
