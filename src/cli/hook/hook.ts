/**
 * `hookpool hook`: the bridge. Whatever fails, it gives one answer by the deadline, in a form that
 * the agent understands. It starts before every tool call, so it loads only the modules that it
 * needs.
 */

import type { Answer } from '../../answering/answer-for.ts';
import { messageOf } from '../../errors.ts';
import { askServer } from './ask-server.ts';
import { readHookEnvironment } from './environment.ts';
import { type HookOptions, readOptions } from './options.ts';
import { ContextReader } from './read-context.ts';
import { UndecidedError } from './undecided.ts';
import { writeAndExit } from './write-and-exit.ts';

/** Answers the agent and ends the process. */
export async function answerAgent(argv: readonly string[]): Promise<never> {
  const startedAt = performance.now();
  let options: HookOptions | 'help';
  try {
    options = readOptions(argv, readHookEnvironment());
  } catch (error) {
    const { blockAnyAgent } = await import('./fallback.ts');
    return writeAndExit(blockAnyAgent(`${messageOf(error)} Until this is put right, it blocks.`));
  }
  if (options === 'help') {
    const { usage } = await import('./usage.ts');
    return writeAndExit({ stdout: usage, stderr: '', exitCode: 0 });
  }
  const { answer, closing } = await answerOf(options, process.stdin, startedAt, ended());
  return writeAndExit(answer, closing);
}

/**
 * The answer to the agent, by the deadline.
 * @param startedAt on the clock of performance.now()
 * @param end rejects when the process is told to end
 */
export async function answerOf(
  options: HookOptions,
  stdin: AsyncIterable<unknown>,
  startedAt: number,
  end: Promise<never>,
): Promise<Decided> {
  const context = new ContextReader();
  const { deadlineMs } = options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const text = `${deadlineMs / 1000} s have passed without an answer`;
    timer = setTimeout(() => reject(new UndecidedError(text)), deadlineMs);
  });
  try {
    const decided = decide(options, context, stdin, startedAt + deadlineMs);
    return await Promise.race([late, end, decided]);
  } catch (error) {
    const { fallback } = await import('./fallback.ts');
    return { answer: fallback(options, context.bytes, messageOf(error)) };
  } finally {
    clearTimeout(timer);
  }
}

interface Decided {
  readonly answer: Answer;
  readonly closing?: Promise<void>;
}

async function decide(
  options: HookOptions,
  reader: ContextReader,
  stdin: AsyncIterable<unknown>,
  deadlineAt: number,
): Promise<Decided> {
  const context = await reader.read(stdin);
  if (options.local.length === 0) return { answer: await askServer(options, context, deadlineAt) };
  const { answerLocally } = await import('./local.ts');
  return answerLocally(options, context, deadlineAt);
}

/** Rejects on SIGTERM, SIGINT or SIGHUP, and on an uncaught exception. */
function ended(): Promise<never> {
  return new Promise((_, reject) => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      // An agent may take the end by a signal for an allow.
      process.once(name, () => reject(new UndecidedError(`it was ended by ${name}`)));
    }
    process.on('uncaughtException', (error) => reject(error));
  });
}
