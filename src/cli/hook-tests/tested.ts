/**
 * The results of each test file. In watch mode they outlive a run, because only changed files run
 * again.
 */
import path from 'node:path';
import type { HookSet } from '../../files/hook-set.ts';
import type { Suite } from './load-suites.ts';
import type { CaseResult, HookPlace, Report } from './result.ts';
import type { CasesRun } from './run-cases.ts';

interface Known {
  readonly results: readonly CaseResult[];
  /** Keys of the hooks that its cases ran. */
  readonly reached: readonly string[];
}

export class Tested {
  readonly #known = new Map<string, Known>();

  has(file: string): boolean {
    return this.#known.has(file);
  }

  forget(file: string): void {
    this.#known.delete(file);
  }

  add({ file, sets }: Suite, { results, reached }: CasesRun): void {
    const keys = sets.flatMap((set) =>
      set.hooks.filter(({ hook }) => reached.has(hook)).map(({ hook }) => hookKey(set, hook)),
    );
    this.#known.set(file, {
      results: results.filter((result) => result.file === file),
      reached: keys,
    });
  }

  /** @param complete every case was selected, so that a hook that none reached can be reported. */
  report(suites: readonly Suite[], complete: boolean, durationMs: number): Report {
    const known = suites.flatMap(({ file }) => this.#known.get(file) ?? []);
    const results = known.flatMap((one) => one.results);
    const all = complete && results.every(({ outcome }) => outcome !== 'skipped');
    const reached = new Set(known.flatMap((one) => one.reached));
    return { results, unreached: all ? unreachedHooks(suites, reached) : undefined, durationMs };
  }
}

function unreachedHooks(suites: readonly Suite[], reached: ReadonlySet<string>): HookPlace[] {
  const sets = new Map(
    suites.flatMap((suite) => suite.sets.map((set) => [path.resolve(set.file), set])),
  );
  return [...sets.values()].flatMap((set) =>
    set.hooks
      .filter(({ hook }) => !reached.has(hookKey(set, hook)))
      .map(({ hook, scriptProblem }) => {
        const { line } = scriptProblem('');
        return { file: set.file, line, event: hook.event, hook: hook.name };
      }),
  );
}

function hookKey({ file }: HookSet, { event, name }: HookSet['hooks'][number]['hook']): string {
  return [path.resolve(file), event, name].join('\n');
}
