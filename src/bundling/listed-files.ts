/** The files of a project that a hook lists by name, folder and glob (`files`). */
import { compileGlob, type Glob, globBase } from '../protocol/matching/patterns/glob.ts';
import { Matching } from '../protocol/matching/patterns/matching.ts';
import { compiledOr, PatternProblem, quotePattern } from '../protocol/matching/patterns/problem.ts';
import { insideProject } from './inside.ts';
import type { ProjectFiles } from './project-files.ts';

export interface ListedFiles {
  readonly paths: readonly string[];
  /** Whether a pattern with `!` leaves the file out, even if another file mentions it. */
  readonly isLeftOut: (path: string) => boolean;
  readonly problems: readonly string[];
}

/** A step compares one name of a path with one part of a glob, which takes 50 ns. */
const maxSteps = 5_000_000;

export function listedFiles(
  patterns: readonly string[],
  files: ProjectFiles | undefined,
): ListedFiles {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => pattern.slice(1));
  const matching = new Matching(maxSteps);
  const read = (): ListedFiles => {
    const globs = unwanted.map((pattern) => globOf(pattern));
    const isLeftOut = (path: string) => globs.some((glob) => glob(path, matching));
    if (files !== undefined) return { ...found(wanted, files, matching), isLeftOut };
    const text =
      'There are no files beside this document: send what hookpool bundle prints for it.';
    return { paths: [], isLeftOut, problems: patterns.length === 0 ? [] : [text] };
  };
  return compiledOr(read, ({ message }) => ({
    paths: [],
    isLeftOut: () => false,
    problems: [message],
  }));
}

function found(
  patterns: readonly string[],
  files: ProjectFiles,
  matching: Matching,
): Pick<ListedFiles, 'paths' | 'problems'> {
  const paths: string[] = [];
  const problems: string[] = [];
  for (const pattern of patterns) {
    const some = pathsOf(pattern, files, matching);
    // Only exhausted steps are a problem. A name longer than any path stays undecided and counts as
    // a match, because a file more does no harm.
    if (!matching.spend(0))
      return {
        paths: [],
        problems: ['files: the globs take too many steps: list folders instead.'],
      };
    if (some.length === 0) problems.push(`files: nothing is called ${pattern}.`);
    paths.push(...some);
  }
  return { paths, problems };
}

/**
 * Returns a file, all files of a folder, or the files that a glob matches below the folder that it
 * begins with.
 */
function pathsOf(pattern: string, files: ProjectFiles, matching: Matching): readonly string[] {
  const { base, isGlob } = globBase(pattern);
  const folder = insideProject(base, '', files);
  if (folder === undefined) return [];
  if (!isGlob && files.read(folder) !== undefined) return [folder];
  const all = files.list(folder);
  if (!matching.spend(all.length) || !isGlob) return all;
  const matches = globOf(pattern);
  return all.filter((path) => matches(path, matching));
}

function globOf(pattern: string): Glob {
  const refuse = ({ message }: PatternProblem): never => {
    throw new PatternProblem(`files: the glob ${quotePattern(pattern)} ${message}.`);
  };
  return compiledOr(() => compileGlob(pattern), refuse);
}
