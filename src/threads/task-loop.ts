/** The worker thread's side of a pool: runs one task after another. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import { asError } from '../errors.ts';

/** Messages from the worker thread to its pool. */
export type TaskAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: Error };

interface TaskResult {
  readonly value: unknown;
  readonly transfer?: readonly TransferListItem[] | undefined;
}

/**
 * Functions by the kind of the task. An error that one throws reaches the caller as a plain Error.
 */
export type Tasks = Readonly<Record<string, (input: never) => TaskResult>>;

/** Runs the tasks that the pool sends. Call it once, at the end of the worker thread's module. */
export function answerTasks(tasks: Tasks): void {
  const port = parentPort;
  if (port === null) throw new Error('answerTasks is for worker threads');
  port.on('message', ({ kind, input }: { readonly kind: string; readonly input: never }) => {
    const { answer, transfer } = answerOf(tasks, kind, input);
    port.postMessage(answer, transfer ?? []);
  });
  port.postMessage({ kind: 'ready' } satisfies TaskAnswer);
}

interface Answer {
  readonly answer: TaskAnswer;
  readonly transfer?: TaskResult['transfer'];
}

function answerOf(tasks: Tasks, kind: string, input: never): Answer {
  try {
    const task = tasks[kind];
    if (task === undefined) throw new Error(`there is no task ${kind}`);
    const { value, transfer } = task(input);
    return { answer: { kind: 'value', value }, transfer };
  } catch (error) {
    return { answer: { kind: 'error', error: asError(error) } };
  }
}
