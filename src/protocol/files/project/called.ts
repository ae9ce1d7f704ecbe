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

/** Without keywords, assignments, and programs that start another one. */
export function calledBy(words: readonly string[], isWrapped = false): Called {
  const start = words.findIndex((word) => !keywords.includes(word) && !/^\w+\+?=/.test(word));
  const [first = '', ...given] = start === -1 ? [] : words.slice(start);
  if (!wrappers.includes(first)) {
    return { program: first.replace(/^\/(?:usr\/(?:local\/)?)?s?bin\//, ''), given, isWrapped };
  }
  const next = given.findIndex((word) => !/^-|^[\d.]+[smhd]?$/.test(word));
  if (next === -1) return { program: '', given: [], isWrapped };
  return calledBy(given.slice(next), isWrapped || !['!', '{', 'time'].includes(first));
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
