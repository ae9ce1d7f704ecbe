/** What a simple command runs in the end. */

/** They run what comes after them and their options. */
const wrappers = ['exec', 'command', 'builtin', 'env', 'sudo', 'nohup', 'time', 'nice', 'timeout', 'xargs', '!', '{'];
const keywords = ['if', 'then', 'else', 'elif', 'while', 'until', 'do'];

export interface Called {
  /** Without the folder of a program of the system; empty for assignments alone. */
  readonly program: string;
  readonly given: readonly string[];
  /** Behind a program that starts it, which knows no functions of the shell. */
  readonly isWrapped: boolean;
}

/** Without keywords, assignments, and programs that start another one: a loop, for there may be thousands of those. */
export function calledBy(words: readonly string[]): Called {
  let isWrapped = false;
  for (let at = indexFrom(words, 0, isProgram); at !== -1; at = indexFrom(words, at, isProgram)) {
    const first = String(words[at]);
    if (!wrappers.includes(first)) {
      const program = first.replace(/^\/(?:usr\/(?:local\/)?)?s?bin\//, '');
      return { program, given: words.slice(at + 1), isWrapped };
    }
    const next = indexFrom(words, at + 1, isArgument);
    if (next === -1) break;
    isWrapped ||= !['!', '{', 'time'].includes(first);
    at = next;
  }
  return { program: '', given: [], isWrapped };
}

function isProgram(word: string): boolean {
  return !keywords.includes(word) && !/^\w+\+?=/.test(word);
}

/** Neither an option nor the duration of a `timeout`. */
function isArgument(word: string): boolean {
  return !/^-|^[\d.]+[smhd]?$/.test(word);
}

function indexFrom(words: readonly string[], start: number, is: (word: string) => boolean): number {
  for (let at = start; at < words.length; at++) if (is(String(words[at]))) return at;
  return -1;
}

export const shells = ['bash', 'sh', 'dash', 'source', '.'];

/** The text of `bash -c text`. */
export function inlineShell(given: readonly string[]): string | undefined {
  const at = given.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at === -1 ? undefined : (given[at + 1] ?? '');
}

/** Not looked at as files of the project. */
export const ownFolders = /^\/(?:bin|usr|dev|proc|tmp)\//;

/** Of python3's own library, those that are run with -m. */
const modules = ['json', 'base64', 'ast', 'calendar', 'tokenize', 'zipfile', 'tarfile', 'timeit', 'py_compile'];

/** The file or the module that python3 is given; nothing for text, stdin and modules of its own. */
export function pythonStarts(given: readonly string[]): { readonly file?: string; readonly module?: string } {
  const at = given.findIndex((word) => word === '-m' || !/^-./.test(word) || word.endsWith('c'));
  const [first = '-', module = ''] = at === -1 ? [] : given.slice(at);
  if (first === '-m') return modules.includes(module.replace(/\..*/, '')) ? {} : { module };
  return first.startsWith('-') || ownFolders.test(first) ? {} : { file: first };
}
