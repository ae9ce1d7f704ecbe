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
