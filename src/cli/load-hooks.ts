/**
 * Reads and checks hook files from disk; with a pool, their interpreters also parse the scripts.
 */

import path from 'node:path';
import { findDialect } from '../agents/registry.ts';
import { InvalidInputError } from '../errors.ts';
import type { FileHint } from '../files/agents/agent-file.ts';
import type { HookSet } from '../files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../files/hooks-file.ts';
import type { Problem } from '../files/source-document.ts';
import { scriptOf } from '../protocol/action.ts';
import { type Dialect, failModes } from '../protocol/dialect.ts';
import type { ScriptRunner } from '../protocol/run.ts';
import { scriptKey } from '../protocol/script.ts';
import { type LeaseSource, runScript } from '../sandbox/run-script.ts';
import { syntaxError } from '../sandbox/syntax.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import type { Arguments } from './command.ts';
import { hookFilesIn } from './hook-folder.ts';
import { listedContents } from './profiles/read-profiles.ts';
import { openProject, projectFolderOf } from './project-folder.ts';
import { readText } from './read-input.ts';

/**
 * Tenant of the sandboxes that parse the scripts: the default one, so that the same sandboxes can
 * run them.
 */
export const syntaxTenant = 'default';

export interface LoadedFiles {
  readonly sets: readonly HookSet[];
  readonly problems: readonly Problem[];
}

/** Facts that a caller supplies about its hooks files. */
export interface FileOptions extends FileHint {
  /** Folder whose files the commands name; default: see project-folder.ts. */
  readonly project?: string | undefined;
  /** The folders that the sandboxes of the hooks may read. */
  readonly workspaces?: Pick<Workspaces, 'covers'> | undefined;
}

/** @throws InvalidInputError `INVALID_USAGE` or `UNKNOWN_DIALECT` */
export function readFileOptions(args: Arguments): FileOptions {
  const dialect = args.text('dialect');
  if (dialect !== undefined) findDialect(dialect);
  return {
    dialect,
    agent: args.text('agent'),
    project: args.text('project'),
    failMode: args.oneOf('fail-mode', failModes),
  };
}

/** Reads all files and collects their problems; a file with problems has no set. */
export async function readHookFiles(
  files: readonly string[],
  options: FileOptions = {},
): Promise<LoadedFiles> {
  const sets: HookSet[] = [];
  const problems: Problem[] = [];
  const { profiles = listedContents() } = options;
  for (const file of (await Promise.all(files.map(hookFilesIn))).flat()) {
    try {
      sets.push(
        parseHooksFile(
          file,
          await readText(file),
          { ...options, profiles, path: path.resolve(file) },
          openProject(options.project ?? projectFolderOf(file), options.workspaces),
        ),
      );
    } catch (error) {
      if (!(error instanceof InvalidHooksError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { sets, problems };
}

/** @throws InvalidHooksError when any file has a problem. */
export async function loadHookFiles(
  files: readonly string[],
  pool: LeaseSource,
  options: FileOptions = {},
): Promise<readonly HookSet[]> {
  const { sets, problems } = await readHookFiles(files, options);
  const found = problems.length > 0 ? problems : await syntaxProblems(sets, pool);
  if (found.length > 0) throw new InvalidHooksError(found);
  return sets;
}

/**
 * Returns the dialect that all sets have.
 * @param named the dialect that the caller names.
 * @throws InvalidInputError `INVALID_USAGE` for files of several dialects, or of another one than
 * `named`.
 */
export function dialectOf(sets: readonly HookSet[], named?: string): Dialect {
  const names = new Set(sets.map((set) => set.dialect.name));
  const [name = named ?? 'azure', second] = names;
  if (named !== undefined && second === undefined && name !== named) {
    const text = `The files are of the ${name} dialect, not of ${named}: leave out --dialect, or name files of ${named}.`;
    throw new InvalidInputError('INVALID_USAGE', text);
  }
  if (second === undefined) return findDialect(name);
  const text = `The files are of several dialects (${[...names].join(', ')}); all of them must be of one.`;
  throw new InvalidInputError('INVALID_USAGE', text);
}

/** Paths of the files that the hooks take along, relative to the project's folder, each once. */
export function takenFiles({ hooks }: HookSet): ReadonlySet<string> {
  return new Set(
    hooks.flatMap(({ hook }) => scriptOf(hook)?.bundle?.files.map(({ path }) => path) ?? []),
  );
}

/**
 * Checks of one profile that wait for each other. A pool makes a sandbox for each job that waits,
 * which takes 0.15 s, and a check takes 1 to 4 ms.
 */
const checksInLine = 64;

/** Syntax errors that the interpreters report; equal scripts are parsed once. */
export async function syntaxProblems(
  sets: readonly HookSet[],
  pool: LeaseSource,
): Promise<Problem[]> {
  const run: ScriptRunner = (script, signal) => runScript(pool, script, signal);
  const answers = new Map<string, Promise<string | undefined>>();
  const lines = new Map<string, Promise<unknown>>();
  const inLine = (profile: string | undefined, check: () => Promise<string | undefined>) => {
    const line = `${profile}\n${Math.floor(answers.size / checksInLine)}`;
    const answer = (lines.get(line) ?? Promise.resolve()).then(check);
    lines.set(line, answer);
    return answer;
  };
  const problems = sets.flatMap((set) =>
    set.hooks.map(async ({ hook, scriptProblem }) => {
      const script = scriptOf(hook);
      if (script === undefined) return [];
      const { profile } = hook;
      const key = `${profile}\n${scriptKey(script)}`;
      const answer =
        answers.get(key) ?? inLine(profile, () => syntaxError(run, script, syntaxTenant, profile));
      answers.set(key, answer);
      const message = await answer;
      return message === undefined ? [] : [scriptProblem(message)];
    }),
  );
  return (await Promise.all(problems)).flat();
}
