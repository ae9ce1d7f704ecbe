/** Finds the program that a simple command finally runs. */
import { afterOptions, type ValueOptions } from './after-options.ts';

/**
 * Programs that run the command after them, with the options that take a value, and the number of
 * operands before the command. The shell parser takes keywords, `!` and `{` away.
 */
const wrappers: ReadonlyMap<string, ValueOptions & { readonly operands?: number }> = new Map([
  ['exec', { letters: 'a' }],
  ['command', {}],
  ['builtin', {}],
  ['env', { letters: 'uCS', names: ['unset', 'chdir', 'split-string'] }],
  ['nohup', {}],
  ['setsid', {}],
  ['time', { letters: 'fo', names: ['format', 'output'] }],
  ['nice', { letters: 'n', names: ['adjustment'] }],
  ['ionice', { letters: 'cn', names: ['class', 'classdata'] }],
  ['stdbuf', { letters: 'ioe', names: ['input', 'output', 'error'] }],
  ['timeout', { letters: 'sk', names: ['signal', 'kill-after'], operands: 1 }],
  [
    'xargs',
    {
      letters: 'adEILnPs',
      names: ['arg-file', 'delimiter', 'max-args', 'max-procs', 'max-chars'],
    },
  ],
]);
/** The most texts of `env -S` that are split, one inside the other. */
const maxSplits = 8;

export interface Called {
  /**
   * Name or path of the program, without the folder of a system program; empty for assignments
   * alone.
   */
  readonly program: string;
  readonly given: readonly string[];
  /** Another program starts it, which knows no functions of the shell. */
  readonly isWrapped: boolean;
}

/**
 * Skips assignments and programs that start another one, in a loop: there may be thousands of them.
 */
export function calledBy(command: readonly string[]): Called {
  let words = command;
  let isWrapped = false;
  let splits = 0;
  for (let at = indexFrom(words, 0, isProgram); at !== -1; at = indexFrom(words, at, isProgram)) {
    const first = String(words[at]).replace(systemFolder, '');
    const wrapper = wrappers.get(first);
    if (wrapper === undefined) return { program: first, given: words.slice(at + 1), isWrapped };
    const next = afterOptions(words, at + 1, wrapper) + (wrapper.operands ?? 0);
    isWrapped ||= first !== 'time';
    const split = first === 'env' ? splitText(words.slice(at + 1, next)) : undefined;
    if (split !== undefined && ++splits <= maxSplits) {
      words = [...split.split(/\s+/), ...words.slice(next)].filter((word) => word !== '');
      at = 0;
    } else at = next;
  }
  return { program: '', given: [], isWrapped };
}

const systemFolder = /^\/(?:usr\/(?:local\/)?)?s?bin\//;

/** The text of `env -S text`, which holds several words. */
function splitText(options: readonly string[]): string | undefined {
  const at = options.findIndex((word) => /^(?:-[iv0]*S|--split-string)/.test(word));
  if (at === -1) return undefined;
  const attached = String(options[at]).replace(/^(?:-[iv0]*S|--split-string=?)/, '');
  return attached === '' ? options[at + 1] : attached;
}

function isProgram(word: string): boolean {
  return !/^\w+\+?=/.test(word);
}

function indexFrom(words: readonly string[], start: number, is: (word: string) => boolean): number {
  for (let at = start; at < words.length; at++) if (is(String(words[at]))) return at;
  return -1;
}

export const shells = ['bash', 'sh', 'dash', 'source', '.'];

/** The text or the file that a shell starts; neither where it reads its input. */
export function shellStarts(given: readonly string[]): {
  readonly text?: string;
  readonly file?: string;
} {
  const at = afterOptions(given, 0, { letters: 'oO', names: ['rcfile', 'init-file'] });
  const options = given.slice(0, at);
  const first = given[at];
  if (options.some((word) => /^-[A-Za-z]*c/.test(word))) return { text: first ?? '' };
  const readsInput = options.some((word) => /^-[A-Za-z]*s/.test(word));
  return first === undefined || readsInput ? {} : { file: first };
}

/** The text of `bash -c text`. */
export function inlineShell(given: readonly string[]): string | undefined {
  return shellStarts(given).text;
}

/** System folders; paths below them are not files of the project. */
export const ownFolders = /^\/(?:bin|usr|dev|proc|tmp)\//;

/** Modules of python3's standard library that are run with -m. */
const modules = [
  'json',
  'base64',
  'ast',
  'calendar',
  'tokenize',
  'zipfile',
  'tarfile',
  'timeit',
  'py_compile',
];

/**
 * The file or module that python3 starts; neither for inline code, stdin and modules of its
 * standard library.
 */
export function pythonStarts(given: readonly string[]): {
  readonly file?: string;
  readonly module?: string;
} {
  const [first = '-', module = ''] = given.slice(pythonStart(given));
  if (first === '-m') return modules.includes(module.replace(/\..*/, '')) ? {} : { module };
  return first.startsWith('-') || ownFolders.test(first) ? {} : { file: first };
}

/** The index of `-m`, of an option with code, or of the first operand. */
function pythonStart(given: readonly string[]): number {
  const operand = afterOptions(given, 0, { letters: 'cmWX' });
  const at = given
    .slice(0, operand)
    .findIndex((word) => word === '-m' || /^-[A-Za-z]*c$/.test(word));
  return at === -1 ? operand : at;
}
