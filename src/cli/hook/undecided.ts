/** Thrown when there is no decision. Its message follows the words "hookpool has no decision: ". */
export class UndecidedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UndecidedError';
  }
}
