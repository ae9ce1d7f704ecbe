/** Finds the paths that the words of a command mean. */
import { CommandValues } from './command-values.ts';
import { folderOf, insideProject, nameOf } from './inside.ts';
import { expandedFolder, leadingVariable } from './needs/variable.ts';
import type { ProjectFiles } from './project-files.ts';

export interface Project {
  /** undefined: the document came without files. */
  readonly files: ProjectFiles | undefined;
  /** Variables that hold the project's folder. */
  readonly folders: readonly string[];
  /** Variables that the hook sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A file is needed even where the command would go on without it. */
  readonly needsAll?: boolean;
}

/** The most words of loops and files of globs that are looked at in one command. */
const maxFollowed = 5000;
/** Variables, one inside the other, that are followed. */
const maxSteps = 8;

/** A command starts in the project, whose folder `pwd` prints. */
export function withFolder(word: string): string {
  return word.replace(/^\$\(\s{0,9}pwd(?:\s{1,9}-[LP])?\s{0,9}\)/, '$PWD');
}

export class CommandPaths {
  /** The working folder, inside the project. */
  folder: string;
  readonly #project: Project;
  /** Words of loops and files of globs that were looked at. */
  #steps = 0;
  readonly #values = new CommandValues();

  constructor(project: Project, folder: string) {
    this.#project = project;
    this.folder = folder;
  }

  /** Reads the values that a simple command gives variables. */
  take(words: readonly string[]): void {
    this.#values.take(words);
  }

  /** A variable that the command sets stands at the start of the word. */
  isOwn(word: string): boolean {
    return this.#values.valueOf(leadingVariable(word)?.name ?? '') !== undefined;
  }

  /** The word with each of the values that the command gives the variable at its start. */
  withValues(word: string): readonly string[] {
    const { name = '', length = 0 } = leadingVariable(word) ?? {};
    return this.#values.valuesOf(name).map((value) => value + word.slice(length));
  }

  /** The words that a loop gives a variable, and the files of a glob. */
  meanings(word: string): readonly string[] {
    const words = this.#values.wordsOf(word);
    this.#steps += words.length;
    if (this.#steps > maxFollowed) return [word];
    return words.flatMap((one) => {
      const found = this.#globbed(one);
      return found.length === 0 ? [one] : found.map((path) => `/project/${path}`);
    });
  }

  /** The files of `folder/*.sh`, the only kind of glob that is followed. */
  #globbed(word: string): readonly string[] {
    const text = this.expand(word);
    const star = text.lastIndexOf('*');
    const slash = text.lastIndexOf('/', star);
    const written = text.slice(0, slash + 1);
    const [start, end] = [text.slice(slash + 1, star), text.slice(star + 1)];
    if (star === -1 || /[*?]/.test(written) || /[*?/]/.test(start + end)) return [];
    const folder = slash === -1 ? undefined : this.inside(written);
    if (folder === undefined || this.#steps > maxFollowed) return [];
    const files = this.#project.files?.list(folder) ?? [];
    this.#steps += files.length;
    return files.filter((path) => {
      const name = nameOf(path);
      const isIn = folderOf(path) === folder && name.length >= start.length + end.length;
      return isIn && name.startsWith(start) && name.endsWith(end);
    });
  }

  inside(path: string): string | undefined {
    return insideProject(path, this.folder, this.#project.files ?? {});
  }

  /** Replaces variables at the start of the word that the command sets. */
  #withOwn(word: string): string {
    let text = word;
    for (let step = 0; step < maxSteps; step++) {
      const { name = '', length = 0 } = leadingVariable(text) ?? {};
      const value = this.#values.valueOf(name);
      if (value === undefined) break;
      text = value + text.slice(length);
    }
    return text;
  }

  /** Expands a known variable at the start of a word, or its default; other variables stay. */
  expand(word: string): string {
    const { folders, environment } = this.#project;
    return expandedFolder(this.#withOwn(word), (name) => {
      if (name === 'HOME') return '~';
      if (name === 'PWD') return '.';
      if (folders.includes(name)) return '/project';
      const own = this.#values.valueOf(name);
      return own ?? (Object.hasOwn(environment ?? {}, name) ? environment?.[name] : undefined);
    });
  }
}
