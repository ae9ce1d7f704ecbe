/**
 * Source texts that run a script file of a bundle in the waiting interpreter, so that no second one
 * starts. The script sees the same $0, sys.argv, __file__ and tracebacks as after a plain start.
 */
import { projectPath } from '../protocol/bundle.ts';
import { nodeLine, withNodeLine } from '../protocol/node-line.ts';
import { shellQuoted } from '../protocol/shell-quote.ts';
import { cwdVariable, pythonFirst, workspaceVariable } from '../protocol/workspace-start.ts';
import { folderOf } from './inside.ts';

/** Working folder and variables of a command. */
export interface Surroundings {
  /**
   * Relative to the project's folder; undefined: the folder outside of it in which every script
   * starts.
   */
  readonly folder: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that hold the project's folder: the workspace, where there is one. */
  readonly folders?: readonly string[];
}

/** Prefix of a bash text, on the same line, so that line numbers do not change. */
export function bashPrelude({ folder, folders = [], environment }: Surroundings): string {
  const project = `"\${${workspaceVariable}:-${projectPath}}"`;
  const settings = [
    ...folders.map((name) => `${name}=${project}`),
    ...Object.entries(environment).map(([name, value]) => `${name}=${shellQuoted(value)}`),
  ];
  const place =
    folder === ''
      ? `"\${${cwdVariable}:-${projectPath}}"`
      : `${project}/${shellQuoted(folder ?? '')}`;
  const enter = folder === undefined ? '' : `cd ${place} || exit; `;
  return settings.length === 0 ? enter : `${enter}export ${settings.join(' ')}; `;
}

/**
 * A word for a file of the bundle that a command starts. In a workspace a relative path would name
 * the project's own file, which may have changed since the hook was loaded.
 */
export function bundledWord(file: string, folder: string | undefined): string {
  const word = shellQuoted(file);
  return file.startsWith('/') ? word : `${bundledFolder(folder)}${word}`;
}

/** An expansion that is the folder of the bundle in a workspace, and empty elsewhere. */
export function bundledFolder(folder: string | undefined): string {
  return `\${${workspaceVariable}:+${shellQuoted(`${absolute(folder)}/`)}}`;
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
  const word = bundledWord(file, surroundings.folder);
  const words = [word, ...args.map(shellQuoted)].join(' ');
  return `${bashPrelude(surroundings)}BASH_ARGV0=${word}; shopt -u sourcepath; . ${words}\n`;
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
const launch = `def launch(folder, folders, environment, argv, path, module):
    import os, sys
    scope = vars(sys.modules['__main__'])
    del scope['launch']
    workspace = os.environ.get('${workspaceVariable}')
    if workspace is not None:
        if module is None: argv[0] = path[0]
        inner = folder[${projectPath.length}:]
        folder = workspace + inner if inner else os.environ['${cwdVariable}']
    os.chdir(folder)
    os.environ.update(dict.fromkeys(folders, workspace or '${projectPath}'))
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
  { folder, folders = [], environment }: Surroundings,
  argv: string[],
  path: string[],
  module: string | undefined,
): string {
  const words = [absolute(folder), folders, environment, argv, path].map((value) =>
    JSON.stringify(value),
  );
  return `${launch}launch(${words.join(', ')}, ${module === undefined ? 'None' : JSON.stringify(module)})\n`;
}

/** Adds the surroundings to a python script that is part of the hooks file. */
export function pythonWithPrelude(
  { folder, folders = [], environment }: Surroundings,
  source: string,
): string {
  const os = `__import__('os')`;
  const inWorkspace = (name: string, inner: string) =>
    `${os}.environ.get('${name}', '${projectPath}')${inner && ` + ${JSON.stringify(`/${inner}`)}`}`;
  const place =
    folder === '' ? inWorkspace(cwdVariable, '') : inWorkspace(workspaceVariable, folder ?? '');
  const statements = [
    ...(folder === undefined ? [] : [`${os}.chdir(${place})`]),
    ...(folders.length === 0
      ? []
      : [
          `${os}.environ.update(dict.fromkeys(${JSON.stringify(folders)}, ${inWorkspace(workspaceVariable, '')}))`,
        ]),
    ...(Object.keys(environment).length === 0
      ? []
      : [`${os}.environ.update(${JSON.stringify(environment)})`]),
  ];
  return statements.length === 0 ? source : pythonFirst(source, statements.join('; '));
}

/** How node runs a file in the place of /job/script; gate.cjs of the image reads it. */
export interface NodeEntry {
  /** The file as the command names it, and its arguments. */
  readonly argv: readonly string[];
  readonly isQuiet?: boolean;
  readonly isLoose?: boolean;
}

export function nodeLauncher(
  { folder, folders = [], environment }: Surroundings,
  { argv, isQuiet = false, isLoose = false }: NodeEntry,
): string {
  const place = absolute(folder);
  // As the shell that the agent starts the command with has it.
  const variables = { ...projectFolders(folders), ...environment, PWD: place };
  const more = { ...(isQuiet ? { isQuiet } : {}), ...(isLoose ? { isLoose } : {}) };
  const line = { folder: place, environment: variables, ...listed(folders), argv, ...more };
  return `${nodeLine(line)}\n`;
}

/** Adds the surroundings to a node script that is part of the hooks file. */
export function nodeWithPrelude(
  { folder, folders = [], environment }: Surroundings,
  source: string,
): string {
  const place = folder === undefined ? {} : { folder: absolute(folder) };
  const variables = { ...projectFolders(folders), ...environment };
  return withNodeLine(source, { ...place, environment: variables, ...listed(folders) });
}

function projectFolders(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, projectPath]));
}

function listed(folders: readonly string[]): { readonly folders?: readonly string[] } {
  return folders.length === 0 ? {} : { folders };
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
