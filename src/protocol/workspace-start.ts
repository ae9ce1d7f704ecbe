/**
 * How a script starts in a workspace: in the folder of its event, with variables that name the
 * project and settings for git. The text of the script stays what was checked when it was loaded;
 * one statement before it says where it runs.
 */
import { nodeStartedWith } from './node-line.ts';
import type { Script } from './script.ts';
import { shellQuoted } from './shell-quote.ts';

/** Where an event happens on this machine. Both paths are real ones, without links. */
export interface WorkspacePlace {
  /** The folder that the sandbox can read, at the same path as on the host. */
  readonly workspace: string;
  /** The folder in which the hook starts: the workspace or one below it. */
  readonly cwd: string;
}

/** Set only in a workspace, where it holds the workspace's path. */
export const workspaceVariable = 'HOOKPOOL_WORKSPACE';
/** Set only in a workspace: the folder in which the hook starts. */
export const cwdVariable = 'HOOKPOOL_CWD';

/**
 * git refuses a repository of another user unless `safe.directory` names it, and writes to the
 * index even for `git status` unless it may do without locks. The other two keep it from starting
 * programs that the project itself names.
 */
function gitVariables(workspace: string): Record<string, string> {
  const settings = [
    ['safe.directory', workspace],
    ['core.fsmonitor', 'false'],
    ['core.hooksPath', '/dev/null'],
  ] as const;
  const pairs = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CONFIG_COUNT: String(settings.length),
    ...(Object.fromEntries(pairs) as Record<string, string>),
  };
}

/** The script's text with the statement before it. */
export function startedIn(
  place: WorkspacePlace,
  script: Pick<Script, 'runtime' | 'source'>,
): string {
  const { workspace, cwd } = place;
  const variables = {
    [workspaceVariable]: workspace,
    [cwdVariable]: cwd,
    ...gitVariables(workspace),
  };
  return startedWith(variables, script, place);
}

/**
 * The script's text for a run beside the workspace, with its own copy of its files as the project:
 * git may read the workspace all the same.
 */
export function startedBeside(
  workspace: string,
  script: Pick<Script, 'runtime' | 'source'>,
): string {
  return startedWith(gitVariables(workspace), script);
}

/** The script's text with a statement before it that sets variables, on a line that is there. */
export function startedWith(
  variables: Readonly<Record<string, string>>,
  { runtime, source }: Pick<Script, 'runtime' | 'source'>,
  place?: WorkspacePlace,
): string {
  if (runtime === 'bash') {
    const settings = Object.entries(variables).map(([name, value]) => `${name}=${bashWord(value)}`);
    const enter = place === undefined ? '' : `cd -- ${bashWord(place.cwd)} || exit; `;
    return `export ${settings.join(' ')}; ${enter}${source.replace(/^#![^\n]*/, '')}`;
  }
  if (runtime === 'node') return nodeStartedWith(variables, source, place);
  const set = `__import__('os').environ.update(${pythonValue(variables)})`;
  const enter = place === undefined ? '' : `; __import__('os').chdir(${pythonValue(place.cwd)})`;
  return pythonFirst(source, `${set}${enter}`);
}

/**
 * Puts a statement before a python script, on a line that is there already where that is possible,
 * so that tracebacks keep their numbers: after the last __future__ import, in the place of the
 * shebang, or before the statement that hookpool itself put there. Else it is a line of its own.
 */
export function pythonFirst(source: string, statement: string): string {
  if (hasUnclearFuture(source)) return compiledAfter(statement, source);
  // The look-ahead admits only the whole list of names, so that every shorter match fails at once.
  const futures = [
    ...source.matchAll(/^(from __future__ import [\w ,]+)(?![\w ,])[ \t]*(?:[#;].*)?$/gm),
  ];
  const last = futures.at(-1);
  if (last !== undefined) {
    const end = last.index + String(last[1]).trimEnd().length;
    return `${source.slice(0, end)}; ${statement}${source.slice(end)}`;
  }
  // The text of the module is its first statement.
  if (/^(?:[ \t]*(?:#[^\n]*)?\n)*[rRuU]?["']/.test(source)) return compiledAfter(statement, source);
  if (source.startsWith('#!')) return source.replace(/^#![^\n]*/, () => statement);
  return `${statement}${source.startsWith("__import__('os')") ? '; ' : '\n'}${source}`;
}

/** The source as a text that python compiles, so that nothing stands before its statements. */
function compiledAfter(statement: string, source: string): string {
  const text = pythonValue(source);
  return `${statement}; exec(compile(${text}, '/job/script', 'exec', dont_inherit=True))\n`;
}

/** Whether an import of __future__ is inside of a text, or does not end with its line. */
function hasUnclearFuture(source: string): boolean {
  const simple = /^from __future__ import [\w ,]+(?![\w ,])[ \t]*(?:[#;].*)?$/;
  let isInText = false;
  for (const line of source.split('\n')) {
    const isFuture = /^\s*from\s+__future__\b/.test(line);
    if (isFuture && (isInText || !simple.test(line))) return true;
    if ((line.match(/"""|'''/g)?.length ?? 0) % 2 === 1) isInText = !isInText;
  }
  return false;
}

/** `$'…'` holds any character, and a line end in a path does not end the line. */
function bashWord(text: string): string {
  if (!/[\n\r]/.test(text)) return shellQuoted(text);
  const escaped = text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `$'${escaped}'`;
}

/** JSON is a python literal for texts and objects of texts. */
function pythonValue(value: unknown): string {
  return JSON.stringify(value);
}
