/** What the threads of the tests can do. */
import { threadId } from 'node:worker_threads';
import { answerTasks } from '../../src/threads/task-loop.ts';

answerTasks({
  id: () => ({ value: threadId }),
  double: (input: number) => ({ value: input * 2 }),
  bytes: (input: Uint8Array) => ({ value: input, transfer: [input.buffer as ArrayBuffer] }),
  spin: () => {
    for (;;);
  },
  fill: () => {
    const all: unknown[] = [];
    for (;;) all.push({ a: all.length, b: [all.length] });
  },
  overflow: () => {
    const deeper = (): number => 1 + deeper();
    return { value: deeper() };
  },
  exit: () => process.exit(3),
});
