/**
 * Patterns of paths in conditions, in the syntax of gitignore with four places to start from:
 * `//etc/**` the root, `~/.ssh/**` the home folder, `/src/**` the project, `src/**` the context's
 * cwd. A pattern that matches a folder matches everything below it. Source: Claude Code's page on
 * permissions, "Read and Edit".
 */

import { composed, folded, readingsOf, rooted, slashed } from './path-spellings.ts';
import { compileGlob, type Glob, maxPathLength } from './patterns/glob.ts';
import type { Matching } from './patterns/matching.ts';
import { compiledOr, type PatternProblem } from './patterns/problem.ts';

/** Tests a path of a tool's input; a path whose place is not known matches. */
export type PathRule = (path: string, cwd: string | undefined, matching: Matching) => boolean;

/** Folders above a cwd, each of which may be the project. */
const maxFolders = 50;

/**
 * @param refuse throws an error that completes the problem's message.
 * @returns undefined for a pattern with a blank that is no glob: it is meant for command lines.
 */
export function compilePathRule(
  written: string,
  refuse: (problem: PatternProblem) => never,
): PathRule | undefined {
  const pattern = written.replace(/^!+(?!\()/, '');
  const isNegated = (written.length - pattern.length) % 2 === 1;
  const tests = compiledOr(
    () => [composed, folded].map((spelt) => ({ spelt, test: placedTest(spelt(pattern)) })),
    (problem) => (/\s/.test(written) ? undefined : refuse(problem)),
  );
  if (tests === undefined) return undefined;
  return (path, cwd, matching) => {
    if (path.length + (cwd?.length ?? 0) > maxPathLength) return matching.cannotTell();
    const before = matching.untold;
    // One of the readings is what the agent opens: a rule that holds for any of them holds.
    return readingsOf(path, cwd).some((reading) =>
      tests.some(({ spelt, test }) => {
        const [place, folder] = reading.map((text) => text && matching.once(spelt, text));
        const isMatch = test(placeOf(place as string, folder, matching), matching);
        return isMatch === undefined || matching.untold > before || isMatch !== isNegated;
      }),
    );
  };
}

interface Place {
  /** The whole path from the root, where it is known. */
  readonly whole: string | undefined;
  /** The path below the cwd, or as it is where no cwd is known. */
  readonly inFolder: string | undefined;
  /** The path behind `~/`. */
  readonly inHome: string | undefined;
  /** The cwd without a slash at its end: empty for the root. */
  readonly folder: string | undefined;
}

/** undefined where the place of the path is not known. */
type PlacedTest = (place: Place, matching: Matching) => boolean | undefined;

function placeOf(written: string, cwd: string | undefined, matching: Matching): Place {
  const path = slashed(written);
  const folder = cwd === undefined ? undefined : folderOf(cwd, matching);
  const unknown = { whole: undefined, inFolder: undefined, inHome: undefined, folder };
  if (path.startsWith('~'))
    return path.startsWith('~/') ? { ...unknown, inHome: normalise(path.slice(2)) } : unknown;
  if (!path.startsWith('/') && folder === undefined)
    return { ...unknown, inFolder: matching.once(normalise, path) };
  const whole = matching.once(normalise, path.startsWith('/') ? path : `${folder}/${path}`);
  return { ...unknown, whole, inFolder: below(folder, whole) };
}

function folderOf(cwd: string, matching: Matching): string {
  return matching.once(normalise, slashed(cwd)).replace(/^\/$/, '');
}

function below(folder: string | undefined, whole: string): string | undefined {
  return whole.startsWith(`${folder}/`) ? whole.slice(`${folder}/`.length) : undefined;
}

function placedTest(pattern: string): PlacedTest {
  const [, start, written] = /^(\/\/|~\/|\/|(?:\.\/)*)(.*)$/s.exec(rooted(pattern)) as unknown as [
    string,
    string,
    string,
  ];
  // A path is compared without its doubled slashes, too.
  const rest = written.replaceAll(/\/(?:\.?\/)+/g, '/').replace(/^\//, '');
  // What `..` leads to depends on the place.
  if (rest.split('/').includes('..')) return () => undefined;
  const isAll = rest === '' && /^[/~]/.test(start);
  const glob = isAll ? '**' : rest;
  if (start === '//') return fromRoot(glob);
  if (start === '~/') return fromHome(glob);
  if (start === '/') return fromProject(glob);
  return start === '' && !/\/./.test(rest) ? anywhere(glob) : fromFolder(glob);
}

function fromRoot(glob: string): PlacedTest {
  const matches = withFolders(`/${glob}`);
  return ({ whole }, matching) => (whole === undefined ? undefined : matches(whole, matching));
}

/** Any folder may be the home folder. */
function fromHome(glob: string): PlacedTest {
  const matches = withFolders(glob);
  const matchesBelow = withFolders(`**/${glob}`);
  return ({ whole, inHome }, matching) => {
    if (inHome !== undefined) return matches(inHome, matching);
    return whole === undefined ? undefined : matchesBelow(whole, matching);
  };
}

/**
 * The cwd or a folder above it is the project, but not the root; for settings of the user,
 * `~/.claude` takes the place of the project.
 */
function fromProject(glob: string): PlacedTest {
  const matches = withFolders(glob);
  const matchesBelow = withFolders(`**/${glob}`);
  const matchesOfUser = withFolders(`**/.claude/${glob}`);
  return ({ whole, folder }, matching) => {
    if (whole === undefined) return undefined;
    if (folder === undefined) return matchesBelow(whole, matching);
    if (matchesOfUser(whole, matching)) return true;
    const names = folder.split('/');
    if (names.length > maxFolders) return undefined;
    const projects = names.map((_, at) => names.slice(0, at + 1).join('/'));
    return projects.slice(folder === '' ? 0 : 1).some((project) => {
      const path = below(project, whole);
      return path !== undefined && matches(path, matching);
    });
  };
}

function fromFolder(glob: string): PlacedTest {
  const matches = withFolders(glob);
  return ({ whole, inFolder, folder }, matching) => {
    if (inFolder !== undefined && matches(inFolder, matching)) return true;
    // `**/a` also names files outside of the cwd.
    if (whole !== undefined && glob.startsWith('**')) return matches(whole, matching);
    const isOutside = whole !== undefined && folder !== undefined;
    return inFolder === undefined && !isOutside ? undefined : false;
  };
}

/** A name without a folder is looked for in every folder. */
function anywhere(name: string): PlacedTest {
  const matches = withFolders(`**/${name}`);
  return ({ whole, inFolder, inHome }, matching) => {
    const path = whole ?? inFolder ?? inHome;
    return path === undefined ? undefined : matches(path, matching);
  };
}

/** Matches what the glob matches, and everything below it. */
function withFolders(glob: string): Glob {
  const folder = glob.replace(/(?:\/\*\*|\/)$/, '');
  if (folder === '') return compileGlob(glob);
  const matchesBelow = compileGlob(`${folder}/**`);
  // In a glob, `a*` and a `**` behind it match only what is in the folder.
  if (folder !== glob || !/\*[^/]*$/.test(folder)) return matchesBelow;
  const matches = compileGlob(glob);
  return (path, matching) => matches(path, matching) || matchesBelow(path, matching);
}

/** The path without `.`, `..` and doubled slashes. */
function normalise(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${kept.join('/')}`;
}
