/**
 * Finds the project files that a command names, and the problems that keep them from being taken
 * along.
 */
import type { BundleFile } from '../protocol/bundle.ts';
import type { Runtime } from '../protocol/run.ts';
import { namesFile, readShell, wordsAndInputs } from '../protocol/shell-text.ts';
import { type Called, calledBy, inlineShell, ownFolders, pythonStarts, shells } from './called.ts';
import { folderOf, insideProject, join } from './inside.ts';
import { interpreterOf } from './interpreter.ts';
import { expandedFolder } from './needs/variable.ts';
import { type ProjectFiles, readIfGood } from './project-files.ts';
import { isUv, packagesProblem, uvScript } from './uv.ts';
import { unsetVariable } from './variables.ts';

export interface Project {
  /** undefined: the document came without files. */
  readonly files: ProjectFiles | undefined;
  /** Variables that hold the project's folder. */
  readonly folders: readonly string[];
  /** Variables that the hook sets. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface NamedFiles {
  /** Paths relative to the project's folder. */
  readonly paths: ReadonlySet<string>;
  /** The script files that the command starts, with the interpreter of each. */
  readonly runs: ReadonlyMap<string, Runtime>;
  /** The command names a file of the project, or changes to a folder of it. */
  readonly usesFolder: boolean;
  /** Problems as sentences. */
  readonly problems: readonly string[];
}

/** @param folder inside the project, where the command starts. */
export function namedFiles(command: string, folder: string, project: Project): NamedFiles {
  const search = new Search(project, folder);
  search.look(command);
  return search.found();
}

class Search {
  readonly #project: Project;
  #folder: string;
  readonly #paths = new Set<string>();
  readonly #runs = new Map<string, Runtime>();
  readonly #problems = new Set<string>();
  /** Targets of output redirections. */
  readonly #written = new Set<string>();
  readonly #modules = new Set<string>();
  #usesFolder = false;
  /** The whole command. */
  #text = '';

  constructor(project: Project, folder: string) {
    this.#project = project;
    this.#folder = folder;
  }

  look(command: string): void {
    this.#text ||= command;
    const { commands } = readShell(command);
    const files = commands.flatMap(({ redirects }) => redirects.filter(namesFile));
    for (const { operator, word } of files) if (operator.includes('>')) this.#written.add(word);
    for (const words of commands.map(wordsAndInputs)) this.#command(words, calledBy(words));
  }

  found(): NamedFiles {
    const usesFolder = this.#usesFolder || this.#paths.size > 0;
    const wrong = [...this.#written].filter((word) => isReadOnly(this.#expand(word), usesFolder));
    const written = wrong.map(
      (word) =>
        `writes to ${word}, which a sandbox cannot: write below /tmp, where nothing outlives the run.`,
    );
    return {
      paths: this.#paths,
      runs: this.#runs,
      usesFolder,
      problems: [...this.#problems, ...written],
    };
  }

  #command(words: readonly string[], { program, given }: Called): void {
    const isCd = program === 'cd';
    for (const word of isCd ? [] : words) this.#mention(word);
    const path = this.#expand(program);
    if (isCd) this.#enter(given[0] ?? '');
    else if (program === 'python' || program === 'python3') this.#python(given);
    else if (program === 'uv') this.#uv(given);
    else if (shells.includes(program)) this.#shell(program, given);
    else if (path.startsWith('$')) this.#add(unsetVariable(path, this.#text));
    else if (path.includes('/') && !ownFolders.test(path)) this.#start(program, given);
  }

  /**
   * Follows a `cd`. A folder that exists only on the agent's machine is ignored: the next file name
   * is then not found and reported.
   */
  #enter(word: string): void {
    const path = this.#expand(word);
    const inside = path === '' || path.startsWith('$') ? undefined : this.#inside(path);
    if (inside === undefined || ownFolders.test(`${path}/`)) return;
    this.#usesFolder = true;
    this.#folder = inside;
  }

  #python(given: readonly string[]): void {
    const { file, module } = pythonStarts(given);
    if (file !== undefined) this.#need(file, 'python3');
    if (module !== undefined) this.#module(module);
  }

  #shell(program: string, given: readonly string[]): void {
    const inline = inlineShell(given);
    if (inline !== undefined) this.look(inline);
    const script = inline === undefined ? given.find((word) => !word.startsWith('-')) : undefined;
    if (script === undefined || ownFolders.test(script)) return;
    const isVariable = script.startsWith('$') && this.#expand(script).startsWith('$');
    if (!(isVariable && ['source', '.'].includes(program))) this.#need(script, 'bash');
  }

  /** Takes a program of the project along; one without `#!` runs in bash. */
  #start(word: string, given: readonly string[]): void {
    const file = this.#need(word);
    if (file === undefined) return;
    this.#argumentsOf(file, given);
    const { runtime, problem } = interpreterOf(file);
    if (problem !== undefined) this.#problems.add(`${word} ${problem}`);
    else if (!file.executable)
      this.#problems.add(`${word} cannot be started: make it executable (chmod +x).`);
    if (runtime !== undefined) this.#runs.set(file.path, runtime);
    if (isUv(file)) this.#add(packagesProblem(word, file));
  }

  /** An argument may name a file beside the program: `run-hook.cmd session-start`. */
  #argumentsOf({ path }: BundleFile, given: readonly string[]): void {
    for (const word of given.slice(0, 20)) {
      const beside = /^[\w.-]+$/.test(word) ? join(folderOf(path), word) : undefined;
      if (beside !== undefined && this.#read(beside) !== undefined) this.#paths.add(beside);
    }
  }

  #add(problem: string | undefined): void {
    if (problem !== undefined) this.#problems.add(problem);
  }

  #uv(given: readonly string[]): void {
    const { words: [word = ''] = [], packages = [] } = uvScript(given) ?? {};
    const file = word === '' ? undefined : this.#need(word, 'python3');
    this.#add(packagesProblem(word, file, packages));
  }

  /** Takes a python module along, with all of its package. */
  #module(module: string): void {
    const question = `${this.#folder}/${module}`;
    if (this.#modules.has(question)) return;
    this.#modules.add(question);
    const inFolder = (path: string) => (this.#folder === '' ? path : `${this.#folder}/${path}`);
    const path = inFolder(module.replaceAll('.', '/'));
    const top = inFolder(module.replace(/\..*/s, ''));
    const { files } = this.#project;
    const run = /^\w+(\.\w+)*$/.test(module)
      ? [`${path}.py`, `${path}/__main__.py`].find((one) => this.#read(one) !== undefined)
      : undefined;
    if (files !== undefined && run !== undefined) {
      for (const one of [run, ...files.list(top)]) this.#paths.add(one);
      this.#runs.set(run, 'python3');
      return;
    }
    const where =
      files === undefined
        ? 'and came without files: send its package along (files)'
        : 'nor in the project';
    this.#problems.add(`the python module ${module} is not in the sandbox's image, ${where}.`);
  }

  /**
   * Takes a word along that may name a file. A plain word without a file is ignored: the program
   * reports it.
   */
  #mention(word: string): void {
    const value = word.replace(/^--?[\w-]+=/, '');
    const path = this.#expand(value);
    if (!/^[\w./@+~-]+$/.test(path) || !/[./]/.test(path)) return;
    const inside = this.#inside(path);
    if (inside === undefined) return;
    const isFolder = path !== value || path.startsWith('/');
    if (isFolder && this.#project.files === undefined) this.#need(value);
    else if (isFolder && inside === '')
      this.#problems.add(`needs all of ${value}: only files that are named are taken along.`);
    else if (this.#read(inside) !== undefined) this.#paths.add(inside);
  }

  /** @param runtime the interpreter of the file. */
  #need(word: string, runtime?: Runtime): BundleFile | undefined {
    const { files } = this.#project;
    const inside = this.#inside(this.#expand(word));
    if (files === undefined) {
      this.#problems.add(
        `needs the file ${word} beside the hook file: send it along (files), or put the script into the hook file.`,
      );
      return undefined;
    }
    const file = inside === undefined ? undefined : this.#read(inside);
    if (file === undefined) {
      if (this.#written.has(word)) return undefined;
      const where =
        files.folder === undefined ? 'its files' : `the project's folder ${files.folder}`;
      const why =
        inside === undefined ? `which is outside of ${where}` : `which is not in ${where}`;
      this.#problems.add(
        `needs the file ${word}, ${why}: name the folder that holds it (--project).`,
      );
      return undefined;
    }
    this.#paths.add(file.path);
    if (runtime !== undefined) this.#runs.set(file.path, runtime);
    return file;
  }

  /** Reads a file. One that cannot be taken along is reported once. */
  #read(path: string): BundleFile | undefined {
    const { files } = this.#project;
    return files && readIfGood(files, path, (message) => this.#problems.add(message));
  }

  #inside(path: string): string | undefined {
    return insideProject(path, this.#folder, this.#project.files ?? {});
  }

  /** Expands a known variable at the start of a word, or its default; other variables stay. */
  #expand(word: string): string {
    const { folders, environment } = this.#project;
    return expandedFolder(word, (name) => {
      if (name === 'HOME') return '~';
      if (name === 'PWD') return '.';
      if (folders.includes(name)) return '/project';
      return Object.hasOwn(environment ?? {}, name) ? environment?.[name] : undefined;
    });
  }
}

function isReadOnly(path: string, usesFolder: boolean): boolean {
  if (path.startsWith('$') || ownFolders.test(path)) return false;
  return usesFolder || /^[/~]/.test(path);
}
