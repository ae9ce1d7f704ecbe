/** The side of a pool's thread: takes one task after another. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import { asError } from '../errors.ts';

/** What the thread tells its pool. */
export type TaskAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: Error };

interface TaskResult {
  readonly value: unknown;
  readonly transfer?: readonly TransferListItem[] | undefined;
}

/** By the kind of the task. What a task throws reaches the caller as a plain Error. */
export type Tasks = Readonly<Record<string, (input: never) => TaskResult>>;

/** To be called once, at the end of the thread's module. */
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
