/**
 * Loads test files with their hooks files and contexts, so that every mistake in them is found
 * before a case runs.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvaluateRequest } from '../../dispatch/request.ts';
import { InvalidInputError, messageOf } from '../../errors.ts';
import type { FileHint } from '../../files/agents/agent-file.ts';
import type { HookSet } from '../../files/hook-set.ts';
import type { Path, Problem, SourceDocument } from '../../files/source-document.ts';
import { parseContext } from '../../protocol/context.ts';
import type { Dialect } from '../../protocol/dialect.ts';
import { findEvent } from '../../protocol/dialect-lookup.ts';
import type { Hook } from '../../protocol/hook.ts';
import { type FileOptions, readHookFiles, takenFiles } from '../load-hooks.ts';
import { projectFolderOf } from '../project-folder.ts';
import { readText } from '../read-input.ts';
import { testFileName } from './discover.ts';
import type { PlannedJudges } from './planned-judges.ts';
import type { PlannedTargets } from './planned-targets.ts';
import type { Subject } from './result.ts';
import {
  type CaseEntry,
  type Expectation,
  type ParsedTestFile,
  parseTestFile,
} from './test-file.ts';

export interface TestCase extends Subject {
  readonly request: Pick<
    EvaluateRequest,
    'dialect' | 'hooks' | 'context' | 'event' | 'transcript' | 'active'
  >;
  /** What the services of http hooks answer. */
  readonly targets: PlannedTargets;
  /** Cases of one session in a file share the states of their hooks. */
  readonly session?: string | undefined;
  /** What the judges of prompt and agent hooks answer. */
  readonly judges: PlannedJudges;
  readonly expect: Expectation;
}

/** One test file. */
export interface Suite {
  readonly file: string;
  readonly sets: readonly HookSet[];
  readonly cases: readonly TestCase[];
}

export interface LoadedSuites {
  readonly suites: readonly Suite[];
  readonly problems: readonly Problem[];
  /** All files that each test file refers to, by test file. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a caller says about the hooks files of all test files. */
export type SuiteOptions = Pick<FileOptions, 'project' | 'failMode' | 'workspaces'>;

/** Loads test files. A hooks file that several of them name is read once and gives one set. */
export async function loadSuites(
  files: readonly string[],
  options: SuiteOptions = {},
): Promise<LoadedSuites> {
  const loader = new Loader(options);
  const suites: Suite[] = [];
  for (const file of files) {
    const suite = await loader.load(file);
    if (suite !== undefined) suites.push(suite);
  }
  return { suites, problems: loader.problems, sources: loader.sources };
}

class Loader {
  readonly problems: Problem[] = [];
  readonly sources = new Map<string, Set<string>>();
  readonly #sets = new Map<string, HookSet | undefined>();
  readonly #options: SuiteOptions;

  constructor({ project, failMode, workspaces }: SuiteOptions) {
    this.#options = { project, failMode, workspaces };
  }

  /** @returns undefined when the test file has a problem, which `problems` then lists. */
  async load(file: string): Promise<Suite | undefined> {
    this.sources.set(file, new Set([path.resolve(file)]));
    const { parsed, problems } = parseTestFile(file, await readText(file));
    this.problems.push(...problems);
    if (parsed === undefined) return undefined;
    const sets = await this.#hookSets(file, parsed);
    const [first] = sets;
    if (first === undefined) return undefined;
    const { dialect } = first;
    const named = parsed.data.dialect;
    if (named !== undefined && named !== dialect.name) {
      const text = `The hooks are of the ${dialect.name} dialect, not of ${named}: leave this out, or name other hooks.`;
      this.problems.push(parsed.source.problem(['dialect'], text));
      return undefined;
    }
    if (sets.some((set) => set.dialect !== dialect)) {
      this.problems.push(
        parsed.source.problem(
          ['hooks'],
          'The hooks files are of several dialects: test them in files of their own.',
        ),
      );
      return undefined;
    }
    const hooks = sets.flatMap((set) => set.hooks.map(({ hook }) => hook));
    const place = { file, source: parsed.source, dialect, hooks };
    const cases: TestCase[] = [];
    // Cases are read one after another, so that problems are in the order of the file.
    for (const [at, entry] of parsed.data.cases.entries())
      cases.push(...(await this.#readCase(place, entry, at)));
    return { file, sets, cases };
  }

  async #hookSets(file: string, { source, data }: ParsedTestFile): Promise<HookSet[]> {
    const names = data.hooks === undefined ? sameName(file) : [data.hooks].flat();
    if (names.length === 0)
      this.problems.push(source.problem([], 'Name the hooks file: hooks: FILE.'));
    const sets: HookSet[] = [];
    for (const [at, name] of names.entries()) {
      const place = Array.isArray(data.hooks) ? ['hooks', at] : ['hooks'];
      const set = await this.#attempt(source, place, () =>
        this.#hookSet(file, name, { dialect: data.dialect, agent: data.agent }),
      );
      if (set !== undefined) sets.push(set);
    }
    return sets.length === names.length ? sets : [];
  }

  async #hookSet(file: string, name: string, hint: FileHint): Promise<HookSet | undefined> {
    const hooksFile = this.#beside(file, name);
    const key = JSON.stringify([path.resolve(hooksFile), hint.dialect, hint.agent]);
    if (!this.#sets.has(key)) {
      const { sets, problems } = await readHookFiles([hooksFile], { ...hint, ...this.#options });
      this.problems.push(...problems);
      this.#sets.set(key, sets[0]);
    }
    const set = this.#sets.get(key);
    const folder = this.#options.project ?? projectFolderOf(hooksFile);
    for (const taken of set === undefined ? [] : takenFiles(set))
      this.sources.get(file)?.add(path.resolve(folder, taken));
    return set;
  }

  /** @returns an empty list when the case cannot be read; `problems` then says why. */
  async #readCase(place: CasePlace, entry: CaseEntry, at: number): Promise<TestCase[]> {
    const { file, source, dialect, hooks } = place;
    const read = (name: string) => readFile(this.#beside(file, name));
    const attempt = <T>(key: keyof CaseEntry, make: () => T | Promise<T>) =>
      this.#attempt(source, ['cases', at, key], make);
    const { contextFile, transcriptFile, event, active = [] } = entry;
    const [contextKey, readContext] =
      contextFile === undefined
        ? (['context', () => inlineContext(dialect, entry)] as const)
        : (['contextFile', () => read(contextFile)] as const);
    const named = await attempt('event', () => event === undefined || findEvent(dialect, event));
    const context = named === undefined ? undefined : await attempt(contextKey, readContext);
    const fromFile =
      transcriptFile === undefined
        ? undefined
        : await attempt('transcriptFile', () => read(transcriptFile));
    if (context === undefined || (transcriptFile !== undefined && fromFile === undefined))
      return [];
    const transcript =
      fromFile ?? (entry.transcript === undefined ? undefined : Buffer.from(entry.transcript));
    const good = await attempt(contextKey, () =>
      parseContext(dialect, { bytes: context, event, transcript }),
    );
    for (const name of active.filter((one) => !hooks.some((hook) => isOnDemand(hook, one)))) {
      this.problems.push(
        source.problem(
          ['cases', at, 'active'],
          `There is no on-demand hook "${name}" in the hooks files.`,
        ),
      );
    }
    if (good === undefined) return [];
    const { line } = source.problem(['cases', at], '');
    const request = { dialect, hooks, context, event, transcript, active };
    const { name, expect, targets = {}, judges = {}, session } = entry;
    return [{ file, line, name, request, targets, judges, session, expect }];
  }

  /** Resolves a name relative to the test file, and adds it to `sources`. */
  #beside(file: string, name: string): string {
    const place = path.isAbsolute(name) ? name : path.join(path.dirname(file), name);
    this.sources.get(file)?.add(path.resolve(place));
    return place;
  }

  /** Turns an error of input or system into a problem at the place that caused it. */
  async #attempt<T>(
    source: SourceDocument,
    place: Path,
    make: () => T | Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof InvalidInputError) && !isSystemError(error)) throw error;
      this.problems.push(
        source.problem(
          place,
          error instanceof InvalidInputError ? error.message : `${messageOf(error)}.`,
        ),
      );
      return undefined;
    }
  }
}

interface CasePlace {
  readonly file: string;
  readonly source: SourceDocument;
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
}

/**
 * `hooks.hooktest.yaml` tests `hooks.yaml`; a test file of another name must name its hooks file.
 */
function sameName(file: string): string[] {
  const name = path.basename(file);
  return testFileName.test(name) ? [name.replace('.hooktest.', '.')] : [];
}

/**
 * The context as JSON, with the event under the first of the names that the dialect knows for it.
 */
function inlineContext(dialect: Dialect, { context, event }: CaseEntry): Buffer {
  const named =
    event === undefined ? {} : { [String(dialect.eventKeys[0])]: findEvent(dialect, event) };
  return Buffer.from(JSON.stringify({ ...named, ...context }));
}

function isOnDemand(hook: Hook, name: string): boolean {
  return hook.activation === 'on-demand' && hook.name === name;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
