/** Finds the program that a simple command finally runs. */

/** Programs that run the command after them and their options. */
const wrappers = ['exec', 'command', 'builtin', 'env', 'nohup', 'time', 'nice', 'timeout', 'xargs'];
/** Their options whose value is the next word: `env -u NAME`, `xargs -I {}`, `timeout -k 5`. */
const valued = /^-[uCInLPdaEsk]$/;

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
export function calledBy(words: readonly string[]): Called {
  let isWrapped = false;
  for (let at = indexFrom(words, 0, isProgram); at !== -1; at = indexFrom(words, at, isProgram)) {
    const first = String(words[at]);
    if (!wrappers.includes(first)) {
      const program = first.replace(/^\/(?:usr\/(?:local\/)?)?s?bin\//, '');
      return { program, given: words.slice(at + 1), isWrapped };
    }
    isWrapped = true;
    at = indexFrom(words, at + 1, isArgument);
    if (at === -1) break;
  }
  return { program: '', given: [], isWrapped };
}

function isProgram(word: string): boolean {
  return !/^\w+\+?=/.test(word);
}

/** Neither an option, nor the value of one, nor the duration of a `timeout`. */
function isArgument(word: string, before: string): boolean {
  return !/^-|^[\d.]+[smhd]?$/.test(word) && !valued.test(before);
}

function indexFrom(
  words: readonly string[],
  start: number,
  is: (word: string, before: string) => boolean,
): number {
  for (let at = start; at < words.length; at++)
    if (is(String(words[at]), words[at - 1] ?? '')) return at;
  return -1;
}

export const shells = ['bash', 'sh', 'dash', 'source', '.'];

/** The text of `bash -c text`. */
export function inlineShell(given: readonly string[]): string | undefined {
  const at = given.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at === -1 ? undefined : (given[at + 1] ?? '');
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
  const at = given.findIndex((word) => word === '-m' || !/^-./.test(word) || word.endsWith('c'));
  const [first = '-', module = ''] = at === -1 ? [] : given.slice(at);
  if (first === '-m') return modules.includes(module.replace(/\..*/, '')) ? {} : { module };
  return first.startsWith('-') || ownFolders.test(first) ? {} : { file: first };
}
