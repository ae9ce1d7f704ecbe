/** One request to a target, for people and audit records. */
export interface RequestFacts {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  /** Without the query. */
  readonly path: string;
  /** null where no answer began. */
  readonly status: number | null;
  /** Bytes of the body that were to be sent. */
  readonly requestBytes: number;
  /** Bytes of the body that arrived. */
  readonly responseBytes: number;
  /**
   * Milliseconds from the start until the connection, with TLS, was there, and until the head of
   * the answer was; null where it did not come to that.
   */
  readonly connectMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
  /** Requests that were made; the other fields are those of the last. */
  readonly attempts: number;
  /** The address of the connection; null where there was none. */
  readonly address: string | null;
  /** The outbound worker that made the request; absent without a queue. */
  readonly worker?: string;
}

/** What the judge of one hook was asked, and what it cost. Never a prompt, an answer or a key. */
export interface JudgeFacts {
  /** Its name in the operator's file. */
  readonly judge: string;
  readonly host: string;
  /** The model as the answer names it; null where it names none. */
  readonly model: string | null;
  /** Questions, and the requests that were made for them. */
  readonly calls: number;
  readonly attempts: number;
  /** The status of each request; 0 where no answer began. At most 32. */
  readonly statuses: readonly number[];
  readonly inputTokens: number;
  /** The part of the input that the provider had in its cache. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** In the currency of the operator's prices; null where there are none. */
  readonly cost: number | null;
  /** Requests that may have cost something that is not known. */
  readonly spentUnknown: number;
  /** Of an answer that was kept; absent where the hook has no cache. */
  readonly cache?: 'hit' | 'miss';
  /** Of the author's text. */
  readonly promptSha256: string;
  /** The provider's names of the requests. At most 32. */
  readonly requestIds: readonly string[];
  readonly tools: readonly JudgeToolFacts[];
  readonly totalMs: number;
  /** The outbound worker that asked; absent without a queue. */
  readonly worker?: string;
}

/** One use of a tool by a judge. */
export interface JudgeToolFacts {
  readonly name: string;
  readonly ms: number;
  /** Of what it returned. */
  readonly bytes: number;
  /** The status of its run, or `refused` where there was none. */
  readonly status: string;
}

export type AskedFacts = RequestFacts | JudgeFacts;
