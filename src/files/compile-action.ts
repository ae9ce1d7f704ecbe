/**
 * Compiles what a hook does: its command or function with the files that go along, its request, or
 * its question.
 */
import { inProject } from '../bundling/in-project.ts';
import { builtInContents } from '../bundling/needs/profiles.ts';
import { givenFiles, type ProjectFiles } from '../bundling/project-files.ts';
import { attempted } from '../errors.ts';
import type { Action } from '../protocol/action.ts';
import type { Dialect, FailMode } from '../protocol/dialect.ts';
import { defaultProfile } from '../protocol/sandbox-kind.ts';
import { parseScript } from '../protocol/script.ts';
import { bridgeFileProblem } from './bridge-line.ts';
import { callableActionOf, functionOf, isCallableHook } from './callable-hook.ts';
import type { KeyProblem } from './hook-problems.ts';
import type { HookEntry } from './hook-schema.ts';
import { httpActionOf, isHttpHook } from './http-hook.ts';
import { judgeActionOf } from './judge-hook.ts';
import { judgeTypeOf } from './judge-type.ts';
import type { EntryPlace, OwnEntry } from './loaded-hook.ts';

export interface CompiledAction {
  readonly action: Action | undefined;
  /** The profile of a command; undefined: the default one. */
  readonly profile?: string | undefined;
  /** The problem of a script file that calls the bridge. */
  readonly bridgeFile?: KeyProblem | undefined;
  readonly problems: readonly KeyProblem[];
  /** Those of the problems that are there because the document came without files. */
  readonly unsent: readonly KeyProblem[];
  /** What the script probably lacks. */
  readonly lacking: readonly KeyProblem[];
  /** Files of the project that the script probably reads, which only a workspace has. */
  readonly ofProject: readonly KeyProblem[];
}

export function compileAction(
  { dialect, project, profiles = builtInContents }: EntryPlace,
  own: OwnEntry,
  data: HookEntry,
  failMode: FailMode,
): CompiledAction {
  const scriptKey = scriptKeyOf(own.entry);
  const { value: action, problem } = attempted(() => toAction(dialect, data));
  const problems = problem === undefined ? [] : [[scriptKey, problem] as const];
  if (action?.kind !== 'command')
    return { action, problems, unsent: [], lacking: [], ofProject: [] };
  const keyed = ([key, message]: readonly [string | undefined, string]) =>
    [key ?? scriptKey, message] as const;
  const { script } = action;
  // settingProblems() reports a name that no profile has.
  const named = profiles.filter(({ name }) => name === data.profile);
  const allowed = named.length > 0 ? named : profiles;
  const settings = { ...data, failMode, import: functionOf(data) };
  const inFiles = (files: ProjectFiles | undefined) =>
    inProject(script, settings, { dialect: dialect.name, files, profiles: allowed });
  const found = inFiles(project);
  const isAsked = project === undefined && found.problems.length > 0;
  // With files, even with none, a problem that is due to their absence has another text.
  const stay = isAsked ? inFiles(givenFiles([])).problems.map(([, message]) => message) : [];
  return {
    action: { ...action, script: found.script },
    ...(found.profile === defaultProfile ? {} : { profile: found.profile }),
    bridgeFile: bridgeFileProblem(found.script),
    problems: found.problems.map(keyed),
    unsent: isAsked
      ? found.problems.filter(([, message]) => !stay.includes(message)).map(keyed)
      : [],
    lacking: found.warnings.map(keyed),
    ofProject: found.ofProject.map((message) => keyed([undefined, message])),
  };
}

/**
 * An inline command is bash, whatever its first line is.
 * @returns undefined without command and script, which hookProblems() reports.
 */
function toAction(dialect: Dialect, data: HookEntry): Action | undefined {
  if (isCallableHook(data)) return callableActionOf(dialect, data);
  if (isHttpHook(data)) return httpActionOf(data);
  const judged = judgeTypeOf(data);
  if (judged !== undefined) return judgeActionOf(dialect, judged, data);
  const { maxScriptBytes } = dialect;
  if (data.script !== undefined)
    return { kind: 'command', script: parseScript(data.script, maxScriptBytes) };
  if (data.command === undefined) return undefined;
  const script = parseScript(data.command.replace(/^\uFEFF?#![^\n]*(\n|$)/, ''), maxScriptBytes);
  return { kind: 'command', script: { ...script, runtime: 'bash' } };
}

/** The key that sets the hook's script. */
export function scriptKeyOf(entry: OwnEntry['entry']): 'command' | 'import' | 'script' {
  if (entry['import'] !== undefined) return 'import';
  return entry['script'] === undefined ? 'command' : 'script';
}
