/** Commands that start a script file in node, or in another runtime of JavaScript. */
import type { BundleFile } from '../protocol/bundle.ts';
import { afterOptions } from './after-options.ts';

export interface NodeStart {
  /** The script file and its arguments. */
  readonly words: readonly string[];
  /** The program that the command names in the place of node: `bun`, `tsx`. */
  readonly instead?: string;
  /** Without the warnings of node itself (`--no-warnings`). */
  readonly isQuiet: boolean;
}

/** A script file among the words after `node`. */
export interface NodeFile {
  /** The index of its word. */
  readonly at: number;
  /** What stands before it in the word: `--import=`. */
  readonly option: string;
  readonly file: string;
}

/** Options of node that load a module before the script; a value without `/` names a package. */
const preloads = '--(?:import|require|loader|experimental-loader)';
const preload = new RegExp(`^(?:-r|${preloads})$`);
const joinedPreload = new RegExp(`^(${preloads}=)(.*)$`);
/** Such an option before a file, in the text of a command. */
export const preloadPattern = `${preloads}=`;
const withValue = {
  letters: 'reCp',
  names: [
    'import',
    'require',
    'loader',
    'experimental-loader',
    'conditions',
    'eval',
    'print',
  ].concat(['env-file', 'input-type', 'title']),
};

/**
 * The script files that node loads, in their order: those of its options and the one that it runs.
 * @param given the words after `node`.
 */
export function nodeFiles(given: readonly string[]): NodeFile[] {
  const input = given.indexOf('-');
  const operand = afterOptions(input === -1 ? given : given.slice(0, input), 0, withValue);
  const options = given.slice(0, operand);
  const loaded = options.flatMap((word, index): NodeFile[] => {
    const before = preload.test(String(options[index - 1]));
    const [, option = '', file = before ? word : ''] = joinedPreload.exec(word) ?? [];
    return file.includes('/') ? [{ at: index, option, file }] : [];
  });
  const isInline = options.some((word) => /^(?:-[ep]+|--eval|--print)(?:=|$)/.test(word));
  const file = given[operand] ?? '-';
  return isInline || file.startsWith('-') ? loaded : [...loaded, { at: operand, option: '', file }];
}

/** The words after `node` in a first line such as `#!/usr/bin/env -S node --import ./a.mjs`. */
export function nodeOptionsOf(starter: readonly string[]): readonly string[] | undefined {
  const [program = '', rest = ''] = starter;
  const words = [program, ...rest.split(/\s+/)].filter((word) => word !== '' && word !== '-S');
  const at = /(?:^|\/)env$/.test(program) ? 1 : 0;
  return /^(?:.*\/)?node$/.test(words[at] ?? '') ? words.slice(at + 1) : undefined;
}

/** The files that node loads before a file with such a first line. */
export function filesBefore(starter: readonly string[] = []): string[] {
  return nodeFiles(nodeOptionsOf(starter) ?? []).map(({ file }) => file);
}

/** Programs that may start a script file of JavaScript. */
export const nodePrograms: ReadonlySet<string> = new Set(['node', 'bun', 'bunx', 'npx', 'tsx']);

/** Options of node that change nothing for a script, or only what it may use of memory. */
const harmless =
  /^--(?:experimental-strip-types|experimental-modules|no-deprecation|enable-source-maps|trace-warnings|disable-warning=.*|max-old-space-size=\d+)$/;

/**
 * @param program without its folder.
 * @param given the words after it.
 * @returns undefined where no script file is started, or where an option changes how it runs.
 */
export function nodeStart(program: string, given: readonly string[]): NodeStart | undefined {
  const { length } = given;
  const at = given.findIndex((word) => !word.startsWith('-'));
  const operand = at === -1 ? length : at;
  const options = given.slice(0, operand);
  const rest = given.slice(operand);
  if (program === 'node') {
    const isQuiet = options.includes('--no-warnings');
    const isPlain = options.every((word) => word === '--no-warnings' || harmless.test(word));
    return isPlain ? started(rest, { isQuiet }) : undefined;
  }
  const instead = program.replace(/^(?:npx|bunx)$/, 'tsx');
  if (program === 'npx' || program === 'bunx') {
    const isYes = options.every((word) => /^(?:-y|--yes|--no-install|--bun)$/.test(word));
    return isYes && rest[0] === 'tsx'
      ? started(rest.slice(1), { instead, isQuiet: false })
      : undefined;
  }
  if (options.length > 0) return undefined;
  const words = program === 'bun' && rest[0] === 'run' ? rest.slice(1) : rest;
  return program === 'bun' || program === 'tsx'
    ? started(words, { instead, isQuiet: false })
    : undefined;
}

/** `bun run build` starts a script of package.json: only a name with an ending is a file. */
function started(
  words: readonly string[],
  how: Pick<NodeStart, 'instead' | 'isQuiet'>,
): NodeStart | undefined {
  const [file = ''] = words;
  const isFile = how.instead === undefined ? /^[^-]/.test(file) : /\.[cm]?[jt]sx?$/.test(file);
  return isFile ? { words, ...how } : undefined;
}

/** What the author should know of a file that another runtime was to run. */
export function insteadText(word: string, instead: string): string {
  return `${word} runs under node in the place of ${instead}: what only ${instead} has is not there (JSX, enums, path aliases${instead === 'bun' ? ', Bun' : ''}).`;
}

/** Makes a node that is started in the place of another runtime find files as that one does. */
export const looseNode = 'NODE_OPTIONS=--require=/opt/hookpool/loose.cjs';

const firstLine = /^#!\s*\S*?(?:(?:\/env\s+(?:-S\s+)?)|\/)((?:npx|bunx|bun|tsx)\b[^\n]*)/;

/** The program of a file's first line, where node replaces it. */
export function insteadOf({ content }: BundleFile): string | undefined {
  const [, line = ''] = firstLine.exec(headOf(content)) ?? [];
  const [program = '', ...given] = line.trim().split(/\s+/);
  return nodeStart(program, [...given, 'file.ts'])?.instead;
}

/** A file that another runtime would run by its first line, with node in its place. */
export function withNode(file: BundleFile): BundleFile {
  if (insteadOf(file) === undefined) return file;
  const rest = file.content.subarray(`${headOf(file.content)}\n`.indexOf('\n'));
  return {
    ...file,
    content: Buffer.concat([Buffer.from(`#!/usr/bin/env -S ${looseNode} node`), rest]),
  };
}

function headOf(content: Uint8Array): string {
  return Buffer.from(content.subarray(0, 256)).toString('latin1');
}

/** Whether node is to find files as another runtime does. */
export function isLoose({ content }: BundleFile): boolean {
  return String(headOf(content).split('\n', 1)).includes(looseNode);
}

/** Functions for a command that uses other runtimes than node. */
export function nodeNames(command: string): string {
  const has = (name: string) => new RegExp(`(?<![\\w./-])${name}(?![\\w.-])`).test(command);
  const run = `${looseNode} node "$@"`;
  return [
    has('tsx') || has('npx') || has('bunx') ? `tsx() { ${run}; }; export -f tsx; ` : '',
    has('bun') ? `bun() { [ "$1" != run ] || shift; ${run}; }; export -f bun; ` : '',
    ...['npx', 'bunx'].map((name) =>
      has(name) ? `${name}() { ${packageRunner}; }; export -f ${name}; ` : '',
    ),
  ].join('');
}

/** What is no file of tsx ends as a program that is not there. */
const packageRunner =
  'while [[ $1 == -* ]]; do shift; done; if [ "$1" = tsx ]; then shift; tsx "$@"; else echo "$1: not in the image" >&2; return 127; fi';
