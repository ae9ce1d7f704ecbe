/**
 * Reports changed files in batches, because an editor touches a file several times for one change.
 */
import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import { InvalidInputError, messageOf } from '../../errors.ts';

/** Time without a change after which a batch is delivered. */
const quietMs = 100;

/** Watches folders instead of files: a file that a rename replaces would no longer be watched. */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = new Set<string>();
  #quiet: NodeJS.Timeout | undefined;
  #wake: ((changed: ReadonlySet<string>) => void) | undefined;

  /**
   * Watches these folders and no others from now on; a missing one is left out.
   * @throws InvalidInputError `INVALID_CONFIG` when a folder cannot be watched, such as at the
   * system's limit.
   */
  follow(folders: Iterable<string>): void {
    const wanted = new Set([...folders].map((folder) => path.resolve(folder)));
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#forget(folder);
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#add(folder);
  }

  /**
   * Returns the absolute paths that changed since the last batch; none when the signal is aborted.
   */
  next(signal: AbortSignal): Promise<ReadonlySet<string>> {
    return new Promise((resolve) => {
      const stop = () => resolve(new Set());
      signal.addEventListener('abort', stop, { once: true });
      this.#wake = (changed) => {
        signal.removeEventListener('abort', stop);
        resolve(changed);
      };
      if (signal.aborted) stop();
      else if (this.#changed.size > 0) this.#arm();
    });
  }

  close(): void {
    clearTimeout(this.#quiet);
    this.follow([]);
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        this.#changed.add(name === null ? folder : path.join(folder, name));
        this.#arm();
      });
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      throw new InvalidInputError(
        'INVALID_CONFIG',
        `Cannot watch ${folder}: ${messageOf(error)}.`,
        { cause: error },
      );
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #arm(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#hand(), quietMs);
  }

  /** Delivers the batch. Without a pending call of next() it grows until the next one. */
  #hand(): void {
    if (this.#wake === undefined) return;
    const changed = this.#changed;
    this.#changed = new Set();
    const wake = this.#wake;
    this.#wake = undefined;
    wake(changed);
  }
}
