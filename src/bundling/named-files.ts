/**
 * Finds the project files that a command names, and the problems that keep them from being taken
 * along.
 */
import type { Runtime } from '../protocol/run.ts';
import { namesFile, readShell, type ShellCommand, wordsAndInputs } from '../protocol/shell-text.ts';
import { alternativesTo } from './alternatives.ts';
import { type Called, calledBy, ownFolders, pythonStarts, shellStarts, shells } from './called.ts';
import { type CommandPaths, type Project, withFolder } from './command-paths.ts';
import type { NamedFiles } from './found-files.ts';
import { wordsBeside } from './inside.ts';
import { interpreterOf } from './interpreter.ts';
import { computedFileText, wholeFolderText } from './missing-text.ts';
import { NeededFiles } from './needed-files.ts';
import {
  filesBefore,
  insteadOf,
  insteadText,
  nodeFiles,
  nodePrograms,
  nodeStart,
} from './node-start.ts';
import { isUv, packagesProblem, uvScript } from './uv.ts';
import { unsetVariable } from './variables.ts';
import { writeProblems } from './write-problems.ts';

/** @param folder inside the project, where the command starts. */
export function namedFiles(command: string, folder: string, project: Project): NamedFiles {
  const search = new Search(project, folder);
  search.look(command);
  return search.found();
}

/** Programs that read what is in the folders that they are given. */
const readsFolders = /^(?:find|ls|tree|du|[ef]?grep|rg|tar|cp|rsync|git|diff)$/;
/** Programs that use the name of a folder as a text; assignments have no program. */
const takesNames =
  /^(?:|:|true|echo|printf|jq|test|\[|\[\[|case|export|local|declare|readonly|basename|dirname|realpath|mkdir)$/;

class Search {
  readonly #project: Project;
  readonly #executables = new Set<string>();
  readonly #interpreters = new Map<string, string>();
  readonly #files: NeededFiles;
  readonly #at: CommandPaths;
  readonly #entered = new Set<string>();
  #usesFolder = false;
  /** The whole command. */
  #text = '';

  constructor(project: Project, folder: string) {
    this.#project = project;
    this.#files = new NeededFiles(project, folder);
    this.#at = this.#files.at;
  }

  look(command: string): void {
    this.#text ||= command;
    const { commands } = readShell(command);
    const files = commands.flatMap(({ redirects }) => redirects.filter(namesFile));
    for (const { operator, word } of files)
      if (operator.includes('>')) this.#files.written.add(word);
    const all = commands.map((one) => wordsAndInputs(one).map(withFolder));
    for (const words of all) this.#at.take(words);
    const outer = this.#files.standing;
    for (const [index, words] of all.entries()) {
      const { isConditional, isTolerated } = commands[index] as ShellCommand;
      const isOptional = isTolerated && this.#project.needsAll !== true;
      this.#files.standing = {
        isNeeded: outer.isNeeded && !isConditional && !isOptional,
        others: [...outer.others, ...alternativesTo(commands, index)],
      };
      this.#command(words, calledBy(words));
    }
    this.#files.standing = outer;
  }

  found(): NamedFiles {
    const { runsInside, problems } = writeProblems({
      words: this.#files.written,
      at: this.#at,
      paths: this.#files.paths,
      usesFolder: this.#usesFolder || this.#files.paths.size > 0,
      text: this.#text,
    });
    return {
      paths: this.#files.paths,
      runs: this.#files.runs,
      usesFolder: runsInside,
      entered: this.#entered,
      executables: this.#executables,
      interpreters: this.#interpreters,
      problems: [...this.#files.problems, ...problems],
      warnings: [...this.#files.warnings],
    };
  }

  #command(words: readonly string[], { program, given }: Called): void {
    if (program !== 'cd') for (const word of words) this.#mention(word, program);
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
    if (inside !== '') this.#entered.add(inside);
  }

  #python(given: readonly string[]): void {
    const { file, module } = pythonStarts(given);
    if (file !== undefined) this.#script(file, 'python3');
    if (module !== undefined) this.#files.needModule(module);
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
      if (unset !== undefined) this.#files.problems.add(unset);
      else if (/[$`*?]/.test(path)) this.#computed(word, runtime);
      else this.#files.need(word, runtime);
    }
  }

  /** A variable of several values: those of its files that there are go along. */
  #computed(word: string, runtime: Runtime): void {
    const known = this.#at.withValues(word).filter((one) => !/[$`*?]/.test(this.#at.expand(one)));
    const found = known.filter((one) => this.#files.fileOf(one) !== undefined);
    for (const one of found) this.#files.need(one, runtime);
    if (known.length === 0 || found.length < known.length)
      this.#files.warnings.add(computedFileText(word));
  }

  /** Takes a program of the project along; one without `#!` runs in bash. */
  #start(word: string, given: readonly string[]): void {
    const file = this.#files.need(word);
    if (file === undefined) return;
    // An argument may name a file beside the program: `run-hook.cmd session-start`.
    for (const beside of wordsBeside(file.path, given.slice(0, 20)))
      if (this.#files.read(beside) !== undefined) this.#files.paths.add(beside);
    const { runtime, problem, lacking, starter } = interpreterOf(file);
    for (const loaded of filesBefore(starter)) this.#script(loaded, 'node');
    if (lacking !== undefined) this.#interpreters.set(lacking, `${word} ${problem}`);
    if (problem !== undefined && lacking === undefined)
      this.#files.problems.add(`${word} ${problem}`);
    else if (!file.executable && !this.#executables.has(file.path))
      this.#files.problems.add(`${word} cannot be started: make it executable (chmod +x).`);
    if (runtime !== undefined) this.#files.runs.set(file.path, runtime);
    this.#warn(word, insteadOf(file));
    if (isUv(file)) this.#add(packagesProblem(word, file));
  }

  #add(problem: string | undefined): void {
    if (problem !== undefined) this.#files.problems.add(problem);
  }

  #uv(given: readonly string[]): void {
    const { words: [word = ''] = [], packages = [] } = uvScript(given) ?? {};
    const file = word === '' ? undefined : this.#files.need(word, 'python3');
    this.#add(packagesProblem(word, file, packages));
  }

  #node(program: string, given: readonly string[]): void {
    const start = nodeStart(program, given);
    const named = program === 'node' ? nodeFiles(given).map(({ file }) => file) : [];
    for (const file of start?.words.slice(0, 1) ?? named) this.#script(file, 'node');
    this.#warn(String(start?.words[0]), start?.instead);
  }

  #warn(word: string, instead: string | undefined): void {
    if (instead !== undefined) this.#files.warnings.add(insteadText(word, instead));
  }

  /** Takes a word along that may name a file; the program reports a plain word that names none. */
  #mention(word: string, program: string): void {
    const value = word.replace(/^--?[\w-]+=/, '');
    const path = this.#at.expand(value);
    if (!/^[\w./@+~-]+$/.test(path) || !/[./]/.test(path)) return;
    const inside = this.#at.inside(path);
    if (inside === undefined) return;
    const isFolder = path !== value || path.startsWith('/');
    if (isFolder && inside === '') this.#whole(value, program);
    else if (isFolder && this.#project.files === undefined) this.#files.need(value);
    else if (this.#files.read(inside) !== undefined) this.#files.paths.add(inside);
  }

  /** The project's folder is a word of the command: what is in it, or its name alone. */
  #whole(word: string, program: string): void {
    if (readsFolders.test(program)) this.#files.miss(wholeFolderText(word));
    else if (!takesNames.test(program)) this.#files.warnings.add(wholeFolderText(word));
    this.#usesFolder = true;
  }
}
