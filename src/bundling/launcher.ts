/**
 * Source texts that run a script file of a bundle in the waiting interpreter, so that no second one
 * starts. The script sees the same $0, sys.argv, __file__ and tracebacks as after a plain start.
 */
import { projectPath } from '../protocol/bundle.ts';
import { shellQuoted } from '../protocol/shell-quote.ts';
import { folderOf } from './inside.ts';

/** Working folder and variables of a command. */
export interface Surroundings {
  /**
   * Relative to the project's folder; undefined: the folder outside of it in which every script
   * starts.
   */
  readonly folder: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Prefix of a bash text, on the same line, so that line numbers do not change. */
export function bashPrelude({ folder, environment }: Surroundings): string {
  const settings = Object.entries(environment).map(
    ([name, value]) => `${name}=${shellQuoted(value)}`,
  );
  const enter = folder === undefined ? '' : `cd ${shellQuoted(absolute(folder))} || exit; `;
  return settings.length === 0 ? enter : `${enter}export ${settings.join(' ')}; `;
}

/**
 * Makes the waiting bash source the script file. `sourcepath` is off, because bash would look for a
 * name without a slash in PATH. docs/benchmarks/notes.md has the measurement.
 */
export function bashLauncher(
  surroundings: Surroundings,
  file: string,
  args: readonly string[],
): string {
  const words = [file, ...args].map(shellQuoted).join(' ');
  return `${bashPrelude(surroundings)}BASH_ARGV0=${shellQuoted(file)}; shopt -u sourcepath; . ${words}\n`;
}

/** Whether a shell script can tell that it is sourced instead of started. */
export function isToldApart(text: string): boolean {
  const asked =
    /\b(?:FUNCNAME|BASH_LINENO|BASH_ARG[CV]|caller|RETURN|BASH_EXECUTION_STRING)\b|BASH_SOURCE\[(?!0\])|#BASH_SOURCE/;
  const hasFunctions = /\(\)|\bfunction\b/.test(text);
  return asked.test(text) || returnsIn(text).some((place) => place === 'outside' || !hasFunctions);
}

/**
 * Classifies each `return` that is a command: surely outside of functions, or perhaps in one. A
 * loop scans the blanks before it once.
 */
function returnsIn(text: string): ('outside' | 'anywhere')[] {
  return [...text.matchAll(/\breturn\b/g)].flatMap(({ index }) => {
    let start = index;
    while (/\s/.test(text.charAt(start - 1))) start--;
    const before = text.charAt(start - 1);
    if (start === index ? before === '' : lineEnd.test(text.charAt(index - 1)))
      return ['outside' as const];
    if (before === '(') return ['outside' as const];
    const isCommand =
      before === '' || ';&|{'.includes(before) || lineEnd.test(text.slice(start, index));
    return isCommand ? ['anywhere' as const] : [];
  });
}

const lineEnd = /[\n\r\u2028\u2029]/;

/** Variables that an interpreter reads when it starts, which the waiting one has done already. */
export const readAtStart = /^(?:PYTHON|NODE_(?!ENV$)|SSL_|OPENSSL_|UV_|LC_|LANG|TZ$)/;

/**
 * A function that imports os and sys itself, so that __main__ stays empty. It removes its own
 * frames from the traceback of a script's error. Compiled modules would be written into a copy of the
 * project that is removed after the run, which took 0.7 ms for one import.
 */
const launch = `def launch(folder, environment, argv, path, module):
    import os, sys
    scope = vars(sys.modules['__main__'])
    del scope['launch']
    os.chdir(folder)
    os.environ.update(environment)
    sys.argv[:] = argv
    sys.path[0] = path[1]
    sys.dont_write_bytecode = True
    try:
        if module is not None:
            import runpy
            return runpy._run_module_as_main(module)
        scope['__file__'] = path[0]
        scope['__loader__'] = type(scope['__loader__'])('__main__', path[0])
        with open(path[0], 'rb') as file: code = compile(file.read(), path[0], 'exec', dont_inherit=True)
        exec(code, scope)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:
        trace = error.__traceback__.tb_next
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        sys.exit(1)
`;

/** @param file as the command names it. */
export function pythonFileLauncher(
  surroundings: Surroundings,
  file: string,
  args: readonly string[],
): string {
  const folder = absolute(surroundings.folder);
  const path = file.startsWith('/') ? file : `${folder}/${file}`;
  return pythonLauncher(surroundings, [file, ...args], [path, folderOf(normal(path))], undefined);
}

export function pythonModuleLauncher(
  surroundings: Surroundings,
  module: string,
  args: readonly string[],
): string {
  const folder = absolute(surroundings.folder);
  return pythonLauncher(surroundings, ['-m', ...args], [folder, folder], module);
}

function pythonLauncher(
  { folder, environment }: Surroundings,
  argv: string[],
  path: string[],
  module: string | undefined,
): string {
  const words = [absolute(folder), environment, argv, path].map((value) => JSON.stringify(value));
  return `${launch}launch(${words.join(', ')}, ${module === undefined ? 'None' : JSON.stringify(module)})\n`;
}

/**
 * Adds the surroundings to a python script that is part of the hooks file: in the place of its
 * shebang, or after its last __future__ import, because no statement may precede that.
 */
export function pythonWithPrelude({ folder, environment }: Surroundings, source: string): string {
  const enter =
    folder === undefined ? '' : `__import__('os').chdir(${JSON.stringify(absolute(folder))}); `;
  const set =
    Object.keys(environment).length === 0
      ? ''
      : `__import__('os').environ.update(${JSON.stringify(environment)})`;
  const prelude = `${enter}${set}`;
  // The look-ahead admits only the whole list of names, so that every shorter match fails at once.
  const futures = [
    ...source.matchAll(/^(from __future__ import [\w ,]+)(?![\w ,])[ \t]*(?:#.*)?$/gm),
  ];
  const last = futures.at(-1);
  if (last === undefined) return source.replace(/^#![^\n]*/, () => prelude);
  const end = last.index + String(last[1]).trimEnd().length;
  return `${source.slice(0, end)}; ${prelude}${source.slice(end)}`;
}

/** How node runs a file in the place of /job/script; gate.cjs of the image reads it. */
export interface NodeEntry {
  /** The file as the command names it, and its arguments. */
  readonly argv: readonly string[];
  readonly isQuiet?: boolean;
  readonly isLoose?: boolean;
}

/** The first line says all: it takes the place of a shebang, so that lines keep their numbers. */
export function nodeLauncher(
  { folder, environment }: Surroundings,
  { argv, isQuiet = false, isLoose = false }: NodeEntry,
): string {
  const place = absolute(folder);
  // As the shell that the agent starts the command with has it.
  const variables = { ...environment, PWD: place };
  const more = { ...(isQuiet ? { isQuiet } : {}), ...(isLoose ? { isLoose } : {}) };
  return `${nodeLine({ folder: place, environment: variables, argv, ...more })}\n`;
}

/** Adds the surroundings to a node script that is part of the hooks file. */
export function nodeWithPrelude({ folder, environment }: Surroundings, source: string): string {
  const place = folder === undefined ? {} : { folder: absolute(folder) };
  const line = nodeLine({ ...place, environment });
  return source.startsWith('#!') ? source.replace(/^#![^\n]*/, () => line) : `${line}\n${source}`;
}

function nodeLine(start: object): string {
  return `#!hookpool-node ${JSON.stringify(start)}`;
}

function absolute(folder: string | undefined): string {
  return [projectPath, folder].filter(Boolean).join('/');
}

function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '.' && (name !== '' || names.length === 0)) names.push(name);
  }
  return names.join('/');
}
