/** `--watch`: runs the test files that use a changed file again, in the same warm sandboxes. */
import path from 'node:path';
import { type HookpoolError, InvalidInputError } from '../../errors.ts';
import { exitCodes, type Io } from '../command.ts';
import { paint } from '../table.ts';
import { FolderWatch } from './folder-watch.ts';
import type { Report } from './result.ts';
import type { Loaded, Session } from './session.ts';

export interface WatchOptions {
  readonly publish: (report: Report) => Promise<number>;
  readonly io: Pick<Io, 'out' | 'err' | 'terminal'>;
  readonly signal: AbortSignal;
}

/**
 * Runs until the signal is aborted. @returns the exit code of the last result, also when its files
 * cannot be read.
 */
export async function watchTests(
  session: Session,
  { publish, io, signal }: WatchOptions,
): Promise<number> {
  const watch = new FolderWatch();
  let code: number = exitCodes.interrupted;
  let loaded: Loaded | undefined;
  /** Test files of the last report; undefined when there was none. */
  let reported: string | undefined;
  const round = async () => {
    loaded = await session.load();
    watch.follow(foldersOf(loaded));
    const files = [...loaded.sources.keys()].join('\n');
    if (loaded.problems.length === 0 && session.stale(loaded).length === 0 && files === reported)
      return;
    code = await publish(await session.test(loaded));
    reported = files;
    io.out(paint('Waiting for changes; Ctrl-C ends.\n', 'dim', io.terminal));
  };
  try {
    while (!signal.aborted) {
      try {
        await round();
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof InvalidInputError) || loaded === undefined) throw error;
        reported = undefined;
        code = exitCodes.usage;
        say(error, io);
      }
      const changed = await watch.next(signal);
      if (loaded !== undefined) session.changed(loaded, changed);
    }
  } finally {
    watch.close();
  }
  return code;
}

function say(error: HookpoolError, io: WatchOptions['io']): void {
  io.err(`${error.message} (${error.code})\n`);
  io.out(paint('Waiting for changes; Ctrl-C ends.\n', 'dim', io.terminal));
}

function foldersOf({ folders, sources }: Loaded): string[] {
  return [
    ...folders,
    ...[...sources.values()].flatMap((files) => [...files].map((file) => path.dirname(file))),
  ];
}
