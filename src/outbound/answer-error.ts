/** An answer of a target that cannot be read; the hook then counts as its failMode. */
export class AnswerError extends Error {
  /** @param what completes "The answer cannot be used: …". */
  constructor(what: string) {
    super(`The answer cannot be used: ${what}.`);
    this.name = 'AnswerError';
  }
}
