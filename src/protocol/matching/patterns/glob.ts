/**
 * Globs for paths: `*` and `?` inside of a name, `**` for any number of folders, `[a-z]`, `{a,b}`,
 * and a leading `!` for all other paths. Names that begin with a dot get no special treatment.
 */
import { expandBraces } from './braces.ts';
import { compileExpression } from './expression.ts';
import type { Matching } from './matching.ts';
import { PatternProblem } from './problem.ts';
import { joinedByAnything } from './wildcard.ts';

const maxGlobLength = 1_000;
/** Characters; the same number as the kernel's PATH_MAX. */
export const maxPathLength = 4_096;

/** @param path without `.`, `..`, doubled slashes and a slash at its end. */
export type Glob = (path: string, matching: Matching) => boolean;

/** Matches one name between slashes; undefined when the steps do not suffice. */
type Part = (name: string, matching: Matching) => boolean | undefined;

const extended = /(?<!\\)[?*+@!]\(/;
const special = /[*?[{\\]/;

/**
 * @param options `anyFolder`: a glob without a slash matches in every folder.
 * @throws PatternProblem whose message completes "the glob …".
 */
export function compileGlob(text: string, { anyFolder = false } = {}): Glob {
  if (text.length > maxGlobLength) {
    throw new PatternProblem(`has ${text.length} characters, and ${maxGlobLength} are the most`);
  }
  const [found] = extended.exec(text) ?? [];
  if (found !== undefined) {
    throw new PatternProblem(
      `has ${found}…), which is not supported: write {a,b} for choices, \\( for the character`,
    );
  }
  const glob = text
    .replaceAll('\\/', '/')
    .replace(/^!+/, '')
    .replace(/^(?:\.\/)+/, '');
  if (glob === '') throw new PatternProblem('is empty: write * for every name');
  const isNegated = (/^!*/.exec(text)?.[0].length as number) % 2 === 1;
  const nameOnly = anyFolder && !text.includes('/');
  const parts = new Parts();
  const choices = expandBraces(glob).map((choice) => parts.of(choice));
  return (path, matching) => {
    if (path.length > maxPathLength) return matching.cannotTell();
    const all = matching.once(namesOf, path);
    const names = nameOnly ? all.slice(-1) : all;
    for (const choice of choices) {
      const matches = matchesParts(choice, names, matching);
      if (matches === undefined) return matching.cannotTell();
      if (matches) return !isNegated;
    }
    return isNegated;
  };
}

/** The folder that a glob begins with, and whether the glob has any special characters. */
export function globBase(glob: string): { readonly base: string; readonly isGlob: boolean } {
  const names = glob.split('/');
  const first = names.findIndex((name) => special.test(name));
  return first === -1
    ? { base: glob, isGlob: false }
    : { base: names.slice(0, first).join('/'), isGlob: true };
}

function namesOf(path: string): readonly string[] {
  return path.split('/');
}

/**
 * When a name does not match, the last `**` takes one more folder and the parts behind it start
 * again. An earlier `**` need not be tried again, because the last one can take whatever the
 * earlier one would.
 */
function matchesParts(
  parts: readonly Part[],
  names: readonly string[],
  matching: Matching,
): boolean | undefined {
  let part = 0;
  let restart = -1;
  let taken = 0;
  for (let name = 0; name < names.length; name++) {
    while (parts[part] === anyFolders) {
      restart = ++part;
      taken = name;
    }
    const fits = parts[part]?.(names[name] as string, matching);
    if (!matching.spend(2 + (names[name] as string).length / 8)) return undefined;
    if (fits === true) part++;
    else if (restart === -1) return false;
    else {
      part = restart;
      name = taken++;
    }
  }
  return parts.slice(part).every((rest) => rest === anyFolders);
}

const anyFolders: Part = joinedByAnything(['', '']);

/** The most different names of a glob that need an expression: compiling one takes 10 µs. */
const maxExpressions = 50;

/** Compiles the names of all choices of a glob, each once. */
class Parts {
  readonly #known = new Map<string, Part>([['**', anyFolders]]);
  #expressions = 0;

  /**
   * `src/**` also matches the folder itself; behind a name that ends with `*`, it matches only what
   * is in the folder.
   */
  of(choice: string): readonly Part[] {
    const names = choice
      .split('/')
      .filter((name, at, all) => name !== '**' || all[at - 1] !== '**');
    const [before = '', last] = names.slice(-2);
    if (last === '**' && before.endsWith('*')) names.splice(-1, 0, '*');
    return names.map((name) => {
      const part = this.#known.get(name) ?? this.#compile(name);
      this.#known.set(name, part);
      return part;
    });
  }

  /**
   * A name with nothing but `*` in it is compared part by part, which is faster than an expression.
   */
  #compile(name: string): Part {
    const parts = [''];
    let source = '';
    let isPlain = true;
    for (const [token] of name.matchAll(/\\.|\*+|\?|\[(?:\\.|[^\]\\])+\]|./gs)) {
      if (token.startsWith('*')) {
        parts.push('');
        source += '.*';
      } else if (token === '?' || token.length > 2) {
        isPlain = false;
        source += token === '?' ? '.' : classSource(token);
      } else {
        const char = token.slice(-1);
        parts.push(parts.pop() + char);
        source += escaped(char);
      }
    }
    if (isPlain) return joinedByAnything(parts);
    if (++this.#expressions > maxExpressions) {
      throw new PatternProblem(
        `has more than ${maxExpressions} different names with ? or [: write fewer`,
      );
    }
    return compileExpression(source, { flags: 's', isWhole: true });
  }
}

/** A class such as `[id]` also matches its own text, because people give folders such names. */
function classSource(token: string): string {
  const isNegated = /^\[[!^]/.test(token);
  const body = token.slice(isNegated ? 2 : 1, -1);
  if (body.includes('[:'))
    throw new PatternProblem(
      'has a class with a name, [[:alpha:]], which is not supported: write [A-Za-z]',
    );
  const inside = body.replace(/\\(.)|[[\]^]/gs, (raw, char?: string) => escaped(char ?? raw));
  if (isNegated) return `[^${inside}]`;
  return body.includes('-') ? `[${inside}]` : `(?:[${inside}]|\\[${inside}\\])`;
}

function escaped(char: string): string {
  return /\w/.test(char) ? char : `\\${char}`;
}
