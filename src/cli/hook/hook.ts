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
  const context = new ContextReader();
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
  const { deadlineMs } = options;
  try {
    const { answer, closing } = await Promise.race([
      failure(deadlineMs),
      decide(options, context, startedAt + deadlineMs),
    ]);
    return await writeAndExit(answer, closing);
  } catch (error) {
    const { fallback } = await import('./fallback.ts');
    return writeAndExit(fallback(options, context.bytes, messageOf(error)));
  }
}

interface Decided {
  readonly answer: Answer;
  readonly closing?: Promise<void>;
}

async function decide(
  options: HookOptions,
  reader: ContextReader,
  deadlineAt: number,
): Promise<Decided> {
  const context = await reader.read(process.stdin);
  if (options.local.length === 0) return { answer: await askServer(options, context, deadlineAt) };
  const { answerLocally } = await import('./local.ts');
  return answerLocally(options, context, deadlineAt);
}

/** Rejects at the deadline, on SIGTERM, SIGINT or SIGHUP, and on an uncaught exception. */
function failure(deadlineMs: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () => reject(new UndecidedError(`${deadlineMs / 1000} s have passed without an answer`)),
      deadlineMs,
    );
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      // An agent may take the end by a signal for an allow.
      process.once(name, () => reject(new UndecidedError(`it was ended by ${name}`)));
    }
    process.on('uncaughtException', (error) => reject(error));
  });
}
