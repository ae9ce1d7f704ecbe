/**
 * Decides how a command starts: in general as a bash text. A command that only starts a script file
 * runs in the waiting interpreter, so that no second one starts (docs/benchmarks/notes.md has the
 * measurement).
 */
import { type BundleFile, projectPath } from '../protocol/bundle.ts';
import type { Script } from '../protocol/script.ts';
import { shellQuoted } from '../protocol/shell-quote.ts';
import { pythonStarts } from './called.ts';
import { insideProject, type Place } from './inside.ts';
import { interpreterOf } from './interpreter.ts';
import {
  bashLauncher,
  bashPrelude,
  bundledFolder,
  bundledWord,
  isToldApart,
  type NodeEntry,
  nodeLauncher,
  pythonFileLauncher,
  pythonModuleLauncher,
  readAtStart,
  type Surroundings,
} from './launcher.ts';
import { literalWords } from './literal-words.ts';
import {
  isLoose,
  nodeFiles,
  nodeNames,
  nodeOptionsOf,
  nodeStart,
  preloadPattern,
} from './node-start.ts';
import { askOnce, type ProjectFiles } from './project-files.ts';
import { uvScript } from './uv.ts';

export interface Started {
  readonly surroundings: Surroundings;
  /** Variables that hold the project's folder. */
  readonly folders: readonly string[];
  readonly place: Place;
  readonly files?: ProjectFiles | undefined;
  /** Files that are taken along, by path. */
  readonly taken: ReadonlyMap<string, BundleFile>;
  /** Those of them that the command starts. */
  readonly runs: readonly string[];
}

type Source = Pick<Script, 'runtime' | 'source'>;

/** The script for a command, with its surroundings. */
export function startOf(command: string, started: Started): Source {
  const literal = started.taken.size === 0 ? undefined : literalWords(command, started.folders);
  const words = literal && withoutUvRun(literal).map((word) => sandboxPath(word, started.place));
  const simple =
    words === undefined
      ? undefined
      : (waitingStart(words, started) ?? replacingStart(words, started));
  if (simple !== undefined) return simple;
  const text = startingBundled(withSandboxPaths(command, started.place), started);
  return {
    runtime: 'bash',
    source: `${bashPrelude(started.surroundings)}${pythonName(text)}${uvName(text)}${nodeNames(text)}${text}`,
  };
}

/**
 * Runs a script file in the waiting interpreter; undefined where the script could tell this from a
 * plain start.
 */
function waitingStart(
  [program = '', ...given]: readonly string[],
  started: Started,
): Source | undefined {
  const { surroundings } = started;
  if (/^(?:\/usr)?(?:\/bin\/)?(?:python3?)$/.test(program)) return pythonStart(given, started);
  const byName = program.replace(/^(?:\/usr(?:\/local)?)?\/bin\//, '');
  const node = nodeStart(byName, given);
  if (node !== undefined)
    return nodeSource(node.words, { ...node, isLoose: node.instead !== undefined }, started);
  const [file = '', ...args] = /^(?:\/usr)?(?:\/bin\/)?bash$/.test(program)
    ? given
    : [program, ...given];
  const found = takenFile(file, started);
  const interpreter = found === undefined ? undefined : interpreterOf(found);
  if (found === undefined || interpreter === undefined) return undefined;
  const isNamed = file === program;
  if (isNamed && interpreter.runtime === 'python3' && interpreter.isPlain)
    return pythonStart([file, ...args], started);
  if (isNamed && interpreter.runtime === 'node' && interpreter.isPlain)
    return nodeSource([file, ...args], { isLoose: isLoose(found) }, started);
  const isBash = !isNamed || (interpreter.runtime === 'bash' && interpreter.isPlain);
  const isTold = () => isToldApart(Buffer.from(found.content).toString('latin1'));
  if (!isBash || askOnce(started.files, `told ${found.path}`, isTold)) return undefined;
  return { runtime: 'bash', source: bashLauncher(surroundings, file, args) };
}

function pythonStart(
  [first = '', ...rest]: readonly string[],
  started: Started,
): Source | undefined {
  const { surroundings } = started;
  if (Object.keys(surroundings.environment).some((name) => readAtStart.test(name)))
    return undefined;
  const [module, ...args] = rest;
  if (
    first === '-m' &&
    module !== undefined &&
    pythonStarts([first, module]).module !== undefined
  ) {
    return { runtime: 'python3', source: pythonModuleLauncher(surroundings, module, args) };
  }
  if (takenFile(first, started) === undefined) return undefined;
  return { runtime: 'python3', source: pythonFileLauncher(surroundings, first, rest) };
}

function nodeSource(
  argv: readonly string[],
  how: Omit<NodeEntry, 'argv'>,
  started: Started,
): Source | undefined {
  const { surroundings } = started;
  const isEarly = Object.keys(surroundings.environment).some((name) => readAtStart.test(name));
  if (isEarly || takenFile(String(argv[0]), started) === undefined) return undefined;
  return { runtime: 'node', source: nodeLauncher(surroundings, { ...how, argv }) };
}

/**
 * Replaces the waiting bash by the interpreter, so that no second process starts. Started by its
 * name, a file would get another path than the command has, so this code does what the kernel does
 * with a first line.
 */
function replacingStart(words: readonly string[], started: Started): Source | undefined {
  const [program = '', ...args] = words;
  const file = takenFile(program, started);
  const isInterpreter = /^(?:\/usr)?(?:\/bin\/)?(?:bash|sh|dash|python3?|node)$/.test(program);
  const starter = file === undefined ? [] : interpreterOf(file).starter;
  if (starter === undefined || !(isInterpreter || file !== undefined)) return undefined;
  const called = isInterpreter ? program.replace(/python$/, 'python3') : program;
  const options = nodeOptionsOf(file === undefined ? [program] : starter);
  if (options !== undefined) {
    const named = file === undefined ? args : [...options, program, ...args];
    return replacedBy(
      [file === undefined ? program : 'node', ...nodeWords(named, started)],
      started,
    );
  }
  const startsAt = [program, ...args].findIndex((word) => takenFile(word, started) !== undefined);
  const word = (text: string, at: number) =>
    at === startsAt ? bundledWord(text, started.surroundings.folder) : shellQuoted(text);
  return replacedBy([...starter.map(shellQuoted), ...[called, ...args].map(word)], started);
}

/** @param words quoted where they need it. */
function replacedBy(words: readonly string[], { surroundings }: Started): Source {
  return { runtime: 'bash', source: `${bashPrelude(surroundings)}exec ${words.join(' ')}\n` };
}

/** The words after `node`: each script file that it loads is that of the bundle. */
function nodeWords(given: readonly string[], started: Started): string[] {
  const files = new Map(nodeFiles(given).map((one) => [one.at, one]));
  return given.map((text, at) => {
    const { option = '', file = '' } = files.get(at) ?? {};
    return takenFile(file, started) === undefined
      ? shellQuoted(text)
      : `${option}${bundledWord(file, started.surroundings.folder)}`;
  });
}

function takenFile(
  word: string,
  { taken, surroundings: { folder = '' }, place }: Started,
): BundleFile | undefined {
  const path = insideProject(word, folder, place);
  return path === undefined || word.startsWith('-') ? undefined : taken.get(path);
}

/** Translates the host's path of a file to its path in the sandbox. */
function sandboxPath(word: string, { folder, home }: Place): string {
  const isHost = [folder, home].some((one) => one !== undefined && word.startsWith(`${one}/`));
  const inside = isHost ? insideProject(word, '', { folder, home }) : undefined;
  return inside === undefined ? word : `/project/${inside}`;
}

function withSandboxPaths(command: string, { folder }: Place): string {
  if (folder === undefined || folder === '/') return command;
  const pattern = new RegExp(`(?<![\\w./-])${escaped(folder)}(?=$|[/\\s"';&|)])`, 'g');
  return command.replace(pattern, '/project');
}

/**
 * Names the files that a command starts by their place in the bundle, which is where they are
 * without a workspace too. Other words may be data, and stay.
 */
function startingBundled(
  command: string,
  { runs, folders, surroundings: { folder } }: Started,
): string {
  if (runs.length === 0) return command;
  const base = folder === undefined || folder === '' ? '' : `${folder}/`;
  const end = '(?![\\w./-])';
  const inner = runs.filter((path) => path.startsWith(base)).map((path) => path.slice(base.length));
  const relative = new RegExp(
    `(?<=^|[\\s;&|(]"?(?:${preloadPattern})?)(?=(?:\\./)?(?:${inner.map(escaped).join('|')})${end})`,
    'g',
  );
  const text = inner.length === 0 ? command : command.replace(relative, bundledFolder(folder));
  if (folders.length === 0) return text;
  const names = folders.map(escaped).join('|');
  const value = `\\$(?:(?:${names})(?=/|")|\\{(?:${names})(?::?-[^}"'$]{0,40})?\\})`;
  const absolute = new RegExp(
    `(?:"${value}"|${value})/(?=(?:${runs.map(escaped).join('|')})${end})`,
    'g',
  );
  return text.replace(absolute, `${projectPath}/`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Defines `python` where a command uses it, because the image has python3 only. */
function pythonName(command: string): string {
  return /(?<![\w./-])python(?![\w.-])/.test(command)
    ? 'python() { python3 "$@"; }; export -f python; '
    : '';
}

function withoutUvRun(words: readonly string[]): readonly string[] {
  const [program, ...given] = words;
  const script = program === 'uv' ? uvScript(given) : undefined;
  return script === undefined ? words : ['python3', ...script.words];
}

/** Defines `uv run script.py` where a command uses it: python3 runs the script. */
function uvName(command: string): string {
  return /(?<![\w./-])uv run\b/.test(command)
    ? 'uv() { while [[ $# -gt 0 && $1 != *.py ]]; do shift; done; python3 "$@"; }; export -f uv; '
    : '';
}
