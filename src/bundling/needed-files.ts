/** The files that a command needs, and what is missing of them. */
import type { BundleFile } from '../protocol/bundle.ts';
import type { Runtime } from '../protocol/run.ts';
import { type ShellCommand, wordsAndInputs } from '../protocol/shell-text.ts';
import { scriptOf } from './alternatives.ts';
import { calledBy } from './called.ts';
import { CommandPaths, type Project, withFolder } from './command-paths.ts';
import { missingFileText, missingModuleText, withoutFilesText } from './missing-text.ts';
import { readIfGood } from './project-files.ts';

/** What becomes of the whole command where the simple one that is looked at fails. */
export interface Standing {
  /** No condition stands before it, and its failure counts. */
  readonly isNeeded: boolean;
  /** The commands that run where it fails. */
  readonly others: readonly ShellCommand[];
}

export class NeededFiles {
  readonly paths = new Set<string>();
  readonly runs = new Map<string, Runtime>();
  readonly problems = new Set<string>();
  readonly warnings = new Set<string>();
  /** Targets of output redirections. */
  readonly written = new Set<string>();
  readonly at: CommandPaths;
  standing: Standing = { isNeeded: true, others: [] };
  readonly #project: Project;
  readonly #modules = new Set<string>();

  constructor(project: Project, folder: string) {
    this.#project = project;
    this.at = new CommandPaths(project, folder);
  }

  /** @param runtime the interpreter of the file. */
  need(word: string, runtime?: Runtime): BundleFile | undefined {
    const { files } = this.#project;
    if (files === undefined) {
      this.problems.add(withoutFilesText(word));
      return undefined;
    }
    const inside = this.at.inside(this.at.expand(word));
    const file = inside === undefined ? undefined : this.read(inside);
    if (file === undefined) {
      if (this.written.has(word)) return undefined;
      const text = missingFileText(word, inside, files);
      if (this.at.isOwn(word)) this.warnings.add(text);
      else this.miss(text);
      return undefined;
    }
    this.paths.add(file.path);
    if (runtime !== undefined) this.runs.set(file.path, runtime);
    return file;
  }

  /** Takes a python module along, with all of its package. */
  needModule(module: string): void {
    const { folder } = this.at;
    const question = `${folder}/${module} ${this.standing.isNeeded}`;
    if (this.#modules.has(question)) return;
    this.#modules.add(question);
    const inFolder = (path: string) => (folder === '' ? path : `${folder}/${path}`);
    const path = inFolder(module.replaceAll('.', '/'));
    const top = inFolder(module.replace(/\..*/s, ''));
    const { files } = this.#project;
    const run = /^\w+(\.\w+)*$/.test(module)
      ? [`${path}.py`, `${path}/__main__.py`].find((one) => this.read(one) !== undefined)
      : undefined;
    if (files !== undefined && run !== undefined) {
      for (const one of [run, ...files.list(top)]) this.paths.add(one);
      this.runs.set(run, 'python3');
      return;
    }
    this.miss(missingModuleText(module, files));
  }

  /** What is missing is a problem, unless the command can do without it. */
  miss(text: string): void {
    const { isNeeded, others } = this.standing;
    const isSpared = () => others.some((other) => this.#starts(wordsAndInputs(other)));
    (isNeeded && !isSpared() ? this.problems : this.warnings).add(text);
  }

  /** Whether a command starts a script file of the project. */
  #starts(words: readonly string[]): boolean {
    const file = scriptOf(calledBy(words.map(withFolder)));
    return file !== undefined && this.fileOf(file) !== undefined;
  }

  fileOf(word: string): BundleFile | undefined {
    const inside = this.at.inside(this.at.expand(word));
    return inside === undefined ? undefined : this.read(inside);
  }

  /** Reads a file. One that cannot be taken along is reported once. */
  read(path: string): BundleFile | undefined {
    const { files } = this.#project;
    return files && readIfGood(files, path, (message) => this.problems.add(message));
  }
}
