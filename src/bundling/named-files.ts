/**
 * Finds the project files that a command names, and the problems that keep them from being taken
 * along.
 */
import type { BundleFile } from '../protocol/bundle.ts';
import type { Runtime } from '../protocol/run.ts';
import { namesFile, readShell, wordsAndInputs } from '../protocol/shell-text.ts';
import { type Called, calledBy, ownFolders, pythonStarts, shellStarts, shells } from './called.ts';
import { CommandPaths, type Project, withFolder } from './command-paths.ts';
import { wordsBeside } from './inside.ts';
import { interpreterOf } from './interpreter.ts';
import {
  computedFileText,
  missingFileText,
  missingModuleText,
  withoutFilesText,
} from './missing-text.ts';
import { insteadOf, insteadText, nodePrograms, nodeStart } from './node-start.ts';
import { readIfGood } from './project-files.ts';
import { isUv, packagesProblem, uvScript } from './uv.ts';
import { unsetVariable } from './variables.ts';
import { writeProblems } from './write-problems.ts';

export interface NamedFiles {
  /** Paths relative to the project's folder. */
  readonly paths: ReadonlySet<string>;
  /** The script files that the command starts, with the interpreter of each. */
  readonly runs: ReadonlyMap<string, Runtime>;
  /** The command names a file of the project, or changes to a folder of it. */
  readonly usesFolder: boolean;
  /** Files that the command makes executable with chmod, which a sandbox does not permit. */
  readonly executables: ReadonlySet<string>;
  /** Interpreters of started files that the default profile lacks, each with its problem. */
  readonly interpreters: ReadonlyMap<string, string>;
  /** Problems as sentences. */
  readonly problems: readonly string[];
  /** What cannot be told from the command, as sentences. */
  readonly warnings: readonly string[];
}

/** @param folder inside the project, where the command starts. */
export function namedFiles(command: string, folder: string, project: Project): NamedFiles {
  const search = new Search(project, folder);
  search.look(command);
  return search.found();
}

class Search {
  readonly #project: Project;
  readonly #paths = new Set<string>();
  readonly #runs = new Map<string, Runtime>();
  readonly #problems = new Set<string>();
  readonly #warnings = new Set<string>();
  readonly #executables = new Set<string>();
  readonly #interpreters = new Map<string, string>();
  readonly #at: CommandPaths;
  /** Targets of output redirections. */
  readonly #written = new Set<string>();
  readonly #modules = new Set<string>();
  #usesFolder = false;
  /** The whole command. */
  #text = '';

  constructor(project: Project, folder: string) {
    this.#project = project;
    this.#at = new CommandPaths(project, folder);
  }

  look(command: string): void {
    this.#text ||= command;
    const { commands } = readShell(command);
    const files = commands.flatMap(({ redirects }) => redirects.filter(namesFile));
    for (const { operator, word } of files) if (operator.includes('>')) this.#written.add(word);
    const all = commands.map((one) => wordsAndInputs(one).map(withFolder));
    for (const words of all) this.#at.take(words);
    for (const words of all) this.#command(words, calledBy(words));
  }

  found(): NamedFiles {
    const { runsInside, problems } = writeProblems({
      words: this.#written,
      at: this.#at,
      paths: this.#paths,
      usesFolder: this.#usesFolder || this.#paths.size > 0,
      text: this.#text,
    });
    return {
      paths: this.#paths,
      runs: this.#runs,
      usesFolder: runsInside,
      executables: this.#executables,
      interpreters: this.#interpreters,
      problems: [...this.#problems, ...problems],
      warnings: [...this.#warnings],
    };
  }

  #command(words: readonly string[], { program, given }: Called): void {
    if (program !== 'cd') for (const word of words) this.#mention(word);
    if (program === 'cd') this.#enter(given[0] ?? '');
    else if (program === 'python' || program === 'python3') this.#python(given);
    else if (program === 'uv') this.#uv(given);
    else if (nodePrograms.has(program)) this.#node(program, given);
    else if (shells.includes(program)) this.#shell(program, given);
    else if (program === 'chmod') this.#chmod(given);
    else for (const word of this.#at.meanings(program)) this.#program(word, given);
  }

  #program(word: string, given: readonly string[]): void {
    const path = this.#at.expand(word);
    if (path.startsWith('$')) this.#add(unsetVariable(path, this.#text));
    else if (path.includes('/') && !ownFolders.test(path)) this.#start(word, given);
  }

  #chmod([mode = '', ...words]: readonly string[]): void {
    if (!/x|[1357]/.test(mode)) return;
    for (const word of words.flatMap((one) => this.#at.meanings(one))) {
      const inside = this.#at.inside(this.#at.expand(word));
      if (inside !== undefined) this.#executables.add(inside);
    }
  }

  /**
   * Follows a `cd`. A folder that exists only on the agent's machine is ignored: the next file name
   * is then not found and reported.
   */
  #enter(word: string): void {
    const path = this.#at.expand(word);
    const inside = path === '' || path.startsWith('$') ? undefined : this.#at.inside(path);
    if (inside === undefined || ownFolders.test(`${path}/`)) return;
    this.#usesFolder = true;
    this.#at.folder = inside;
  }

  #python(given: readonly string[]): void {
    const { file, module } = pythonStarts(given);
    if (file !== undefined) this.#script(file, 'python3');
    if (module !== undefined) this.#module(module);
  }

  #shell(program: string, given: readonly string[]): void {
    const { text = '', file: script } = shellStarts(given);
    this.look(text);
    if (script === undefined || ownFolders.test(script)) return;
    const isVariable = script.startsWith('$') && this.#at.expand(script).startsWith('$');
    if (!(isVariable && ['source', '.'].includes(program))) this.#script(script, 'bash');
  }

  /** A file that an interpreter starts. The hook runs where it cannot be told which one it is. */
  #script(script: string, runtime: Runtime): void {
    for (const word of this.#at.meanings(script)) {
      const path = this.#at.expand(word);
      if (ownFolders.test(path)) continue;
      const unset = path.startsWith('$') ? unsetVariable(`${path}/`, this.#text) : undefined;
      if (unset !== undefined) this.#problems.add(unset);
      else if (/[$`*?]/.test(path)) this.#warnings.add(computedFileText(word));
      else this.#need(word, runtime);
    }
  }

  /** Takes a program of the project along; one without `#!` runs in bash. */
  #start(word: string, given: readonly string[]): void {
    const file = this.#need(word);
    if (file === undefined) return;
    // An argument may name a file beside the program: `run-hook.cmd session-start`.
    for (const beside of wordsBeside(file.path, given.slice(0, 20)))
      if (this.#read(beside) !== undefined) this.#paths.add(beside);
    const { runtime, problem, lacking } = interpreterOf(file);
    if (lacking !== undefined) this.#interpreters.set(lacking, `${word} ${problem}`);
    if (problem !== undefined && lacking === undefined) this.#problems.add(`${word} ${problem}`);
    else if (!file.executable && !this.#executables.has(file.path))
      this.#problems.add(`${word} cannot be started: make it executable (chmod +x).`);
    if (runtime !== undefined) this.#runs.set(file.path, runtime);
    this.#warn(word, insteadOf(file));
    if (isUv(file)) this.#add(packagesProblem(word, file));
  }

  #add(problem?: string): void {
    if (problem !== undefined) this.#problems.add(problem);
  }

  #uv(given: readonly string[]): void {
    const { words: [word = ''] = [], packages = [] } = uvScript(given) ?? {};
    const file = word === '' ? undefined : this.#need(word, 'python3');
    this.#add(packagesProblem(word, file, packages));
  }

  #node(program: string, given: readonly string[]): void {
    const start = nodeStart(program, given);
    if (start !== undefined) this.#script(String(start.words[0]), 'node');
    this.#warn(String(start?.words[0]), start?.instead);
  }

  #warn(word: string, instead: string | undefined): void {
    if (instead !== undefined) this.#warnings.add(insteadText(word, instead));
  }

  /** Takes a python module along, with all of its package. */
  #module(module: string): void {
    const question = `${this.#at.folder}/${module}`;
    if (this.#modules.has(question)) return;
    this.#modules.add(question);
    const above = this.#at.folder && `${this.#at.folder}/`;
    const path = above + module.replaceAll('.', '/');
    const top = above + module.replace(/\..*/s, '');
    const { files } = this.#project;
    const run = /^\w+(\.\w+)*$/.test(module)
      ? [`${path}.py`, `${path}/__main__.py`].find((one) => this.#read(one) !== undefined)
      : undefined;
    if (files !== undefined && run !== undefined) {
      for (const one of [run, ...files.list(top)]) this.#paths.add(one);
      this.#runs.set(run, 'python3');
      return;
    }
    this.#problems.add(missingModuleText(module, files));
  }

  /** Takes a word along that may name a file; of a plain word without one, the program tells. */
  #mention(word: string): void {
    const value = word.replace(/^--?[\w-]+=/, '');
    const path = this.#at.expand(value);
    if (!/^[\w./@+~-]+$/.test(path) || !/[./]/.test(path)) return;
    const inside = this.#at.inside(path);
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
    const inside = this.#at.inside(this.#at.expand(word));
    if (files === undefined) {
      this.#problems.add(withoutFilesText(word));
      return undefined;
    }
    const file = inside === undefined ? undefined : this.#read(inside);
    if (file === undefined) {
      const told = this.#at.isOwn(word) ? this.#warnings : this.#problems;
      if (!this.#written.has(word)) told.add(missingFileText(word, inside, files));
      return undefined;
    }
    this.#paths.add(file.path);
    if (runtime !== undefined) this.#runs.set(file.path, runtime);
    return file;
  }

  /** Reads a file. One that cannot be taken along is reported once. */
  #read(path: string): BundleFile | undefined {
    const tell = (message: string) => this.#problems.add(message);
    return this.#project.files && readIfGood(this.#project.files, path, tell);
  }
}
