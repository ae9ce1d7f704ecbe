/** Why there is no decision, in words that follow "hookpool has no decision: ". */
export class UndecidedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UndecidedError';
  }
}
