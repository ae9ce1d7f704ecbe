/**
 * Worker threads for work whose time or memory depends on a caller's input. A task that takes too
 * long, or fills its heap, ends only its own worker thread: the main thread stays free.
 */
import type { TransferListItem, Worker } from 'node:worker_threads';
import { UnavailableError } from '../errors.ts';
import { startThread } from '../thread-entry.ts';
import { TaskEndedError } from './task-ended-error.ts';
import type { TaskAnswer } from './task-loop.ts';
import { TaskTurns } from './task-turns.ts';

export interface ThreadPoolOptions {
  /**
   * The caller's `import.meta.url`. `entry` names the module beside it that calls `answerTasks`:
   * `./tasks`.
   */
  readonly from: string;
  readonly entry: string;
  /** Maximum number of worker threads; one tenant has at most one less, but never less than one. */
  readonly threads: number;
  /** Heap of one worker thread in MiB. A task that needs more ends with `TaskEndedError`. */
  readonly heapMb: number;
  /** Maximum number of waiting tasks of one tenant; more are refused with `OVERLOADED`. */
  readonly waitingPerTenant: number;
  /** Milliseconds after which an idle worker thread ends, which frees its memory. */
  readonly idleMs: number;
}

export interface TaskCall {
  readonly tenant: string;
  /**
   * Timeout of the task itself in milliseconds, without its wait and the start of a worker thread.
   */
  readonly timeoutMs: number;
  /** Milliseconds from the call after which the result is no longer needed. Default: no limit. */
  readonly withinMs?: number | undefined;
  readonly transfer?: readonly TransferListItem[] | undefined;
}

interface Task extends TaskCall {
  readonly kind: string;
  readonly input: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  lateTimer?: NodeJS.Timeout | undefined;
}

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
  task: Task | undefined;
  /** Ends the task after its timeout, or the worker thread when it is idle. */
  timer: NodeJS.Timeout | undefined;
}

export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<Thread>();
  #waiting: Task[] = [];
  readonly #turns = new TaskTurns();
  #closed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** Number of worker threads, including those that are starting. */
  get threads(): number {
    return this.#threads.size;
  }

  /**
   * @throws TaskEndedError when the task was ended; UnavailableError `OVERLOADED` when the tenant
   * has too many waiting tasks, `SHUTTING_DOWN` after close(); the error that the task itself
   * threw.
   */
  run(kind: string, input: unknown, call: TaskCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed)
        return reject(new UnavailableError('SHUTTING_DOWN', 'The process is closing.'));
      const most = this.#options.waitingPerTenant;
      if (this.#waiting.filter(({ tenant }) => tenant === call.tenant).length >= most) {
        const text = `${most} large requests of the tenant wait to be read. Send it again later.`;
        return reject(new UnavailableError('OVERLOADED', text));
      }
      const task: Task = { ...call, kind, input, resolve, reject };
      if (call.withinMs !== undefined) {
        task.lateTimer = setTimeout(() => this.#giveUp(task), Math.max(0, call.withinMs));
      }
      this.#waiting.push(task);
      this.#assign();
    });
  }

  /** Ends all worker threads; waiting and running tasks are rejected with `SHUTTING_DOWN`. */
  async close(): Promise<void> {
    this.#closed = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    const closing = () => new UnavailableError('SHUTTING_DOWN', 'The process is closing.');
    for (const task of waiting) settle(task).reject(closing());
    await Promise.all(
      [...this.#threads].map((thread) => {
        if (thread.task !== undefined) settle(thread.task).reject(closing());
        return this.#end(thread);
      }),
    );
  }

  #assign(): void {
    for (;;) {
      const task = this.#next();
      const thread = task && this.#freeThread();
      if (task === undefined || thread === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(task), 1);
      this.#turns.took(task.tenant);
      clearTimeout(thread.timer);
      thread.task = task;
      thread.worker.ref();
      if (thread.isReady) this.#post(thread, task);
    }
  }

  #next(): Task | undefined {
    return this.#turns.next(this.#waiting.filter(({ tenant }) => this.#mayRun(tenant)));
  }

  #mayRun(tenant: string): boolean {
    const running = [...this.#threads].filter(({ task }) => task?.tenant === tenant).length;
    return running < Math.max(1, this.#options.threads - 1);
  }

  #freeThread(): Thread | undefined {
    const idle = [...this.#threads].find(({ task }) => task === undefined);
    if (idle !== undefined) return idle;
    return this.#threads.size < this.#options.threads ? this.#start() : undefined;
  }

  #start(): Thread {
    const { from, entry, heapMb } = this.#options;
    const worker = startThread(from, entry, {
      name: 'hookpool-reader',
      resourceLimits: {
        maxOldGenerationSizeMb: heapMb,
        maxYoungGenerationSizeMb: 32,
        stackSizeMb: 4,
      },
    });
    const thread: Thread = { worker, isReady: false, task: undefined, timer: undefined };
    this.#threads.add(thread);
    worker.on('message', (answer: TaskAnswer) => this.#answered(thread, answer));
    worker.on('error', (error) => this.#failed(thread, error));
    worker.on('exit', () => this.#failed(thread, undefined));
    return thread;
  }

  #post(thread: Thread, task: Task): void {
    thread.timer = setTimeout(() => this.#stop(thread, 'time'), task.timeoutMs);
    try {
      thread.worker.postMessage({ kind: task.kind, input: task.input }, task.transfer ?? []);
    } catch (error) {
      // An input that cannot be cloned is a bug of the caller; the worker thread has not received
      // it.
      this.#free(thread);
      settle(task).reject(error as Error);
    }
  }

  #answered(thread: Thread, answer: TaskAnswer): void {
    if (answer.kind === 'ready') {
      thread.isReady = true;
      if (thread.task !== undefined) this.#post(thread, thread.task);
      return;
    }
    const { task } = thread;
    this.#free(thread);
    if (task === undefined) return;
    if (answer.kind === 'value') settle(task).resolve(answer.value);
    else settle(task).reject(answer.error);
  }

  /** Ends a task that is no longer needed; a running one ends with its worker thread. */
  #giveUp(task: Task): void {
    const at = this.#waiting.indexOf(task);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      task.reject(new TaskEndedError('late'));
      return;
    }
    const thread = [...this.#threads].find((one) => one.task === task);
    if (thread === undefined) return;
    if (thread.isReady) {
      this.#stop(thread, 'late');
      return;
    }
    // The worker thread is still starting; it stays for the next task.
    this.#free(thread);
    task.reject(new TaskEndedError('late'));
  }

  #stop(thread: Thread, why: TaskEndedError['why'], cause?: unknown): void {
    const { task } = thread;
    void this.#end(thread);
    if (task !== undefined) settle(task).reject(new TaskEndedError(why, { cause }));
    this.#assign();
  }

  #failed(thread: Thread, error: unknown): void {
    if (!this.#threads.has(thread)) return;
    const code = (error as { code?: unknown } | undefined)?.code;
    this.#stop(thread, code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'died', error);
  }

  #free(thread: Thread): void {
    clearTimeout(thread.timer);
    thread.task = undefined;
    thread.worker.unref();
    thread.timer = setTimeout(() => void this.#end(thread), this.#options.idleMs).unref();
    this.#assign();
  }

  async #end(thread: Thread): Promise<void> {
    clearTimeout(thread.timer);
    this.#threads.delete(thread);
    thread.task = undefined;
    await thread.worker.terminate();
  }
}

function settle(task: Task): Pick<Task, 'resolve' | 'reject'> {
  clearTimeout(task.lateTimer);
  return task;
}
