/** What judges and services reply to the requests of one run of a case: recorded, live, or nothing. */
import { InvalidInputError, OutboundError } from '../../errors.ts';
import type { Exchanged, GuardedRequest } from '../../outbound/guarded-request.ts';
import { repeats } from '../../outbound/reply.ts';
import { failureOf } from '../../protocol/decision.ts';
import { shellQuoted } from '../../protocol/shell-quote.ts';
import { played } from './played.ts';
import { answerAt, type Kept, type Recordings } from './recordings.ts';
import type { Subject } from './result.ts';

/** `replay`: only recorded answers; `record`: asked, and recorded; `live`: asked. */
export type AnswerMode = 'replay' | 'record' | 'live';

/** A request that may have a recorded answer. */
export interface Asked extends Pick<Kept, 'asked' | 'trusted'> {
  readonly key: string;
  /** Values that no file may hold. */
  readonly secrets: readonly string[];
  /** Statuses that only the operator can mend, such as of a refused key: they are not recorded. */
  readonly refusals: readonly number[];
}

export class Replies {
  readonly mode: AnswerMode;
  /** What has no answer, each with its fix: the case fails. */
  readonly lacking = new Set<string>();
  /** Names of the hooks that asked a real judge or service. */
  readonly live = new Set<string>();
  readonly #one: Pick<Subject, 'file' | 'name'>;
  readonly #recordings: Recordings;
  /** By key: the requests of this run so far. */
  readonly #counts = new Map<string, number>();

  constructor(one: Pick<Subject, 'file' | 'name'>, mode: AnswerMode, recordings: Recordings) {
    this.mode = mode;
    this.#one = one;
    this.#recordings = recordings;
  }

  /** The error of a hook whose request has no answer. */
  lacks(what: string): OutboundError {
    this.lacking.add(what);
    return new OutboundError('OUTBOUND_UNAVAILABLE', what);
  }

  /** Says how to record the answers of the case. */
  get command(): string {
    const { file, name } = this.#one;
    return `hookpool test ${shellQuoted(file)} --record --only ${shellQuoted(name)}`;
  }

  get file(): string {
    return this.#one.file;
  }

  /** The settings of a judge whose answers are recorded; undefined: none are. */
  judge(model: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this.#read(() => this.#recordings.judge(this.#one.file, model));
  }

  /** What is recorded for the request; undefined: nothing. */
  kept(key: string): Promise<Kept | undefined> {
    return this.#read(() => this.#recordings.read(this.#one.file, key));
  }

  get recordings(): Recordings {
    return this.#recordings;
  }

  async exchange(
    asked: Asked,
    request: GuardedRequest,
    live: () => Promise<Exchanged>,
  ): Promise<Exchanged> {
    if (this.mode === 'live') return live();
    const { key } = asked;
    const at = this.#counts.get(key) ?? 0;
    if (this.mode === 'record')
      return this.#recordings.alone(this.#one.file, key, () =>
        this.#recorded(asked, at, request, live),
      );
    const kept = await this.kept(key);
    if (kept === undefined) {
      const what = `answers/ has no answer to this request (${key.slice(0, 12)}) to ${asked.asked}: ask once with ${this.command}`;
      return played({ failure: failureOf(this.lacks(what)), afterMs: 0 }, request);
    }
    this.#counts.set(key, at + 1);
    return played({ answer: answerAt(kept, at), afterMs: 0 }, request);
  }

  /** Equal requests of several cases are made once, so that all of them get what is recorded. */
  async #recorded(
    { key, secrets, refusals, ...of }: Asked,
    at: number,
    request: GuardedRequest,
    live: () => Promise<Exchanged>,
  ): Promise<Exchanged> {
    const { file } = this.#one;
    const known = this.#recordings.made(file, key, at);
    const exchanged =
      known === undefined ? await live() : played({ answer: known, afterMs: 0 }, request);
    const { answer } = exchanged;
    // Of a server that failed, nothing is worth to be repeated for ever.
    if (answer === undefined || isPassing(answer.status) || refusals.includes(answer.status))
      return exchanged;
    if (repeats(new TextDecoder().decode(answer.body), secrets)) {
      this.lacks(`The answer of ${of.asked} has a key of its request in it, and is not recorded.`);
      return exchanged;
    }
    this.#counts.set(key, at + 1);
    await this.#recordings.keep(file, key, of, answer, at);
    return exchanged;
  }

  async #read<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      this.lacking.add(error.message);
      return undefined;
    }
  }
}

/** Whether another time the server may answer something else. */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
