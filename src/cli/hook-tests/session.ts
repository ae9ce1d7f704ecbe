/** One call of `hookpool test`: loads the test files, checks the hooks, and runs the cases. */
import type { Runner } from '../../dispatch/runner.ts';
import { InvalidInputError } from '../../errors.ts';
import { InvalidHooksError } from '../../files/hooks-file.ts';
import type { Isolation } from '../../protocol/run.ts';
import { execute } from '../../sandbox/execute.ts';
import type { Pool } from '../../sandbox/pool.ts';
import type { Workspaces } from '../../sandbox/workspace/workspaces.ts';
import { syntaxProblems, syntaxTenant } from '../load-hooks.ts';
import { discoverTests } from './discover.ts';
import { type LoadedSuites, loadSuites, type Suite, type SuiteOptions } from './load-suites.ts';
import type { Report } from './result.ts';
import { type RunCasesOptions, runCases } from './run-cases.ts';
import { Tested } from './tested.ts';
import { compileTextPattern } from './text-pattern.ts';

export interface SessionOptions extends SuiteOptions {
  readonly pool: Pick<Pool, 'acquire'>;
  readonly workspaces?: Workspaces | undefined;
  readonly places: readonly string[];
  readonly isolation: Isolation;
  readonly concurrency: number;
  readonly bail: boolean;
  /** Where the answers of judges and services come from. */
  readonly answers: RunCasesOptions['answers'];
  readonly repeat: number | undefined;
  readonly injections: RunCasesOptions['injections'];
  /** Pattern for `FILE: NAME`. */
  readonly only: string | undefined;
  readonly signal: AbortSignal;
  readonly onResult: RunCasesOptions['onResult'];
}

export interface Loaded extends LoadedSuites {
  /** Folders in which files may change or appear. */
  readonly folders: readonly string[];
}

/** The tenant of the syntax checks, so that the cases run in the same, warm sandboxes. */
const tenant = syntaxTenant;

export class Session {
  readonly #options: SessionOptions;
  readonly #tested = new Tested();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async load(): Promise<Loaded> {
    const { files, folders } = await discoverTests(this.#options.places);
    return { ...(await loadSuites(files, this.#options)), folders };
  }

  /** Suites whose cases have not run since their files changed. */
  stale({ suites }: Loaded): Suite[] {
    return suites.filter(({ file }) => !this.#tested.has(file));
  }

  /** Marks the suites that use these files as stale. */
  changed({ sources }: Loaded, files: ReadonlySet<string>): void {
    for (const [testFile, made] of sources)
      if ([...made].some((source) => files.has(source))) this.#tested.forget(testFile);
  }

  /**
   * Runs the stale suites. @returns the report about all suites.
   * @throws InvalidHooksError with every problem of the files, before any case runs.
   */
  async test(loaded: Loaded): Promise<Report> {
    const started = performance.now();
    const { pool, workspaces, signal, only, ...options } = this.#options;
    if (loaded.problems.length > 0) throw new InvalidHooksError(loaded.problems);
    const stale = this.#selected(loaded.suites).filter(({ file }) => !this.#tested.has(file));
    const found = await syntaxProblems([...new Set(stale.flatMap(({ sets }) => sets))], pool);
    if (found.length > 0) throw new InvalidHooksError(found);
    const cases = stale.flatMap((suite) => suite.cases);
    await this.#warmUp(Math.min(options.concurrency, cases.length));
    const runner: Runner = (job, abort) => execute(pool, job, abort, workspaces);
    const run = await runCases(cases, { ...options, tenant, signal, runner });
    for (const suite of stale) this.#tested.add(suite, run);
    return this.#tested.report(loaded.suites, only === undefined, performance.now() - started);
  }

  #selected(suites: readonly Suite[]): readonly Suite[] {
    const { only } = this.#options;
    if (only === undefined) return suites;
    const wanted = compileTextPattern(only);
    const selected = suites.map((suite) => ({
      ...suite,
      cases: suite.cases.filter(({ file, name }) => wanted(`${file}: ${name}`)),
    }));
    if (selected.some(({ cases }) => cases.length > 0)) return selected;
    throw new InvalidInputError(
      'INVALID_USAGE',
      `No case is called like --only ${JSON.stringify(only)}. It is compared with FILE: NAME.`,
    );
  }

  /**
   * Creates sandboxes beforehand, so that no case includes that time and a missing engine shows at
   * once.
   */
  async #warmUp(count: number): Promise<void> {
    const { pool, isolation, signal } = this.#options;
    const leases = await Promise.allSettled(
      Array.from({ length: count }, () => pool.acquire(tenant, isolation, { signal })),
    );
    for (const lease of leases) if (lease.status === 'fulfilled') lease.value.release();
    const failed = leases.find((lease) => lease.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
