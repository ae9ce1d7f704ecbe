/** Finds the module of a function that a callable hook names, and what goes along with it. */
import { moduleRoots } from './callable-source.ts';
import { type NamedFiles, nothingNamed } from './found-files.ts';
import { textOf } from './language.ts';
import { imageModules } from './needs/image.ts';
import { pythonCode } from './needs/python-text.ts';
import { type ProjectFiles, readIfGood } from './project-files.ts';

/**
 * The file of the module and the files that make its packages. A module of the sandbox's own
 * python needs none.
 * @param written dotted path of the function.
 * @param files undefined: the document came without files.
 */
export function callableFiles(written: string, files: ProjectFiles | undefined): NamedFiles {
  const names = written.split('.');
  const problems: string[] = [];
  const found = files && moduleOf(names, files, (message) => problems.push(message));
  if (found === undefined || files === undefined) {
    if (problems.length === 0 && !imageModules.includes(String(names[0])))
      problems.push(noModuleText(names, files));
    return { ...nothingNamed, problems };
  }
  const { root, path, depth } = found;
  const wrong = functionProblem(names, depth, found);
  if (wrong !== undefined) return { ...nothingNamed, problems: [wrong] };
  const packages = names
    .slice(0, depth)
    .map((_, at) => `${[...root, ...names.slice(0, at + 1)].join('/')}/__init__.py`)
    .filter((one) => files.read(one) !== undefined);
  return {
    ...nothingNamed,
    paths: new Set([path, ...packages]),
    runs: new Map([[path, 'python3']]),
    usesFolder: true,
    problems,
  };
}

interface Module {
  /** Names of the folders in which python looks for it. */
  readonly root: readonly string[];
  readonly path: string;
  /** Number of names that are the module's; the rest are attributes. */
  readonly depth: number;
  readonly text: string | undefined;
}

/** The longest path that is a module's, in the first folder that has one. */
function moduleOf(
  names: readonly string[],
  files: ProjectFiles,
  onProblem: (message: string) => void,
): Module | undefined {
  for (const root of moduleRoots.map((one) => one.split('/').filter(Boolean))) {
    for (let depth = names.length; depth > 0; depth--) {
      const base = [...root, ...names.slice(0, depth)].join('/');
      for (const path of [`${base}/__init__.py`, `${base}.py`]) {
        const file = readIfGood(files, path, onProblem);
        if (file !== undefined) return { root, path, depth, text: textOf(file.content) };
      }
    }
  }
  return undefined;
}

function functionProblem(
  names: readonly string[],
  depth: number,
  { path, text }: Module,
): string | undefined {
  const module = names.slice(0, depth).join('.');
  const attribute = names[depth];
  if (attribute === undefined)
    return `${module} is a module, ${path}: name a function in it, such as ${module}.check.`;
  if (text === undefined || mayBind(text, attribute)) return undefined;
  return `${module}, ${path}, has no "${attribute}": name a function that it defines or imports.`;
}

/** Statements that define names which are known only when the module runs. */
const computed = /\bimport[ \t]*(?:\([ \t]*)?\*|__getattr__|\b(?:globals|setattr|exec|vars)\b/;

/**
 * Whether a module may give a name a value: the name stands outside of functions and classes, or
 * the names of the module are computed.
 */
function mayBind(text: string, name: string): boolean {
  const code = pythonCode(text);
  if (computed.test(code)) return true;
  let isInside = false;
  const outside = code.split('\n').filter((line) => {
    // A line such as `) -> dict:` ends the head of a function.
    if (/^[^\s)\]}]/.test(line)) isInside = /^(?:async[ \t]|def[ \t]|class[ \t])/.test(line);
    return !isInside || /^\S/.test(line);
  });
  const bound = outside.join('\n').replace(/^((?:async[ \t]+)?(?:def|class)[ \t]+\w+).*/gm, '$1');
  return new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(bound);
}

function noModuleText(names: readonly string[], files: ProjectFiles | undefined): string {
  const written = names.join('.');
  if (files === undefined)
    return `needs the python module of ${written} beside the hook file: send what hookpool bundle prints for it.`;
  const path = names.slice(0, -1).join('/');
  return `There is no python module of ${written} in the project: neither ${path}.py nor ${path}/__init__.py, also not in src/. Write the path of the function as python imports it.`;
}
