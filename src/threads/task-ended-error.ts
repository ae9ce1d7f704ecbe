/**
 * Thrown when a task was ended: it took too long or too much memory, was no longer needed, or its
 * worker thread died.
 */
export class TaskEndedError extends Error {
  readonly why: 'time' | 'memory' | 'late' | 'died';

  constructor(why: TaskEndedError['why'], options?: ErrorOptions) {
    super(`The task was ended: ${why}.`, options);
    this.name = 'TaskEndedError';
    this.why = why;
  }
}
