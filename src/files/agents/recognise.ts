/**
 * Recognises the agent system of a file: by the folder and the plugin that it lies in, by its
 * events, by words that only one of the systems knows (events, keys, settings beside the hooks),
 * and by the variables of its commands.
 */

import type { Facts } from '../../agents/file-facts.ts';
import { type AgentFile, findDialect } from '../../agents/registry.ts';
import { foldName } from '../../protocol/dialect-lookup.ts';
import type { FileSurroundings } from './surroundings.ts';

export type Recognised =
  | { readonly format: AgentFile }
  | { readonly format?: undefined; readonly problem: string };

/**
 * @param words the facts without words that tell nothing, such as keys of hookpool's own files.
 * @returns undefined when the file belongs to none of the candidates.
 */
export function recognise(
  candidates: readonly AgentFile[],
  facts: Facts,
  surroundings: FileSurroundings,
  words: Facts = facts,
): Recognised | undefined {
  const placed = inPlace(candidates, facts, surroundings);
  const isPlaced = placed.length > 0;
  const knowing = knowMost(isPlaced ? placed : candidates, facts);
  const marked = knowing
    .map((format) => ({ format, marks: marksOf(format, knowing, words) }))
    .filter(({ marks }) => marks.length > 0);
  const possible =
    marked.length > 0
      ? marked
      : unmarked(knowing, facts, words, isPlaced).map((format) => ({ format, marks: [] }));
  const [first, second] = possible;
  if (first === undefined || second === undefined) return first;
  const names = possible.map(
    ({ format, marks }) =>
      `${format.about}${marks.length > 0 ? ` (${marks.slice(0, 3).join(', ')})` : ''}`,
  );
  const dialects = possible.map(({ format }) => format.dialects[0]).join(' or ');
  return {
    problem: `This could be a file of ${names.join(' or of ')}: name its dialect, ${dialects} (--dialect; dialect over HTTP and in a test file).`,
  };
}

/**
 * The systems that read files of this folder, else those of whose plugin the file is a part and
 * that know an event of it: a plugin may have files of several systems.
 */
function inPlace(
  candidates: readonly AgentFile[],
  { events }: Facts,
  { isFolderOf, isPluginOf }: FileSurroundings,
): readonly AgentFile[] {
  const inFolder = candidates.filter(isFolderOf);
  if (inFolder.length > 0) return inFolder;
  const folded = events.map(foldName);
  return candidates.filter(isPluginOf).filter((format) => {
    const known = new Set(eventsOf(format).map(foldName));
    return folded.some((event) => known.has(event));
  });
}

/** The systems that know the most events of the file. */
function knowMost(candidates: readonly AgentFile[], { events }: Facts): readonly AgentFile[] {
  return withMost(candidates, (format) => {
    const known = new Set(eventsOf(format));
    return events.filter((event) => known.has(event)).length;
  });
}

function knowMostKeys(candidates: readonly AgentFile[], words: Facts): readonly AgentFile[] {
  const countIn = (keys: readonly string[], rules: object) =>
    keys.filter((key) => Object.hasOwn(rules, key)).length;
  return withMost(
    candidates,
    ({ rootKeys, groupKeys, hookKeys }) =>
      countIn(words.rootKeys, rootKeys) +
      countIn(words.groupKeys, groupKeys) +
      countIn(words.hookKeys, hookKeys),
  );
}

function withMost(
  candidates: readonly AgentFile[],
  countOf: (format: AgentFile) => number,
): readonly AgentFile[] {
  const counted = candidates.map((format) => ({ format, count: countOf(format) }));
  const most = Math.max(0, ...counted.map(({ count }) => count));
  return counted.filter(({ count }) => count === most).map(({ format }) => format);
}

/**
 * Candidates for a file that no word identifies: those that know the most of its keys, of these the
 * one whose variables its commands use, else those that claim it by its facts.
 */
function unmarked(
  candidates: readonly AgentFile[],
  facts: Facts,
  words: Facts,
  isPlaced: boolean,
): readonly AgentFile[] {
  const known = knowMostKeys(candidates, words);
  const hasEvidence = isPlaced || known.length < candidates.length;
  if (hasEvidence && known.length === 1) return known;
  const used = known.filter(({ variables = [] }) =>
    variables.some((name) => facts.variables.includes(name)),
  );
  if (used.length === 1) return used;
  const claiming = known.filter(({ claims }) => claims?.(facts, isPlaced) === true);
  if (claiming.length > 0) return claiming;
  return hasEvidence ? known : known.filter(({ isFallback }) => isFallback === true);
}

/** Words of the file that this format knows and no other candidate does. */
function marksOf(format: AgentFile, candidates: readonly AgentFile[], facts: Facts): string[] {
  const others = candidates.filter((candidate) => candidate !== format);
  const only = (words: readonly string[], known: (of: AgentFile) => readonly string[]) => {
    const own = new Set(known(format));
    const elsewhere = new Set(others.flatMap(known));
    return words.filter((name) => own.has(name) && !elsewhere.has(name));
  };
  return [
    ...(format.schema?.test(facts.schema) === true ? ['$schema'] : []),
    ...only(facts.events, eventsOf),
    ...only(facts.rootKeys, ({ rootKeys }) => Object.keys(rootKeys)),
    ...only(facts.groupKeys, ({ groupKeys }) => Object.keys(groupKeys)),
    ...only(facts.hookKeys, ({ hookKeys }) => Object.keys(hookKeys)),
  ];
}

export function eventsOf({ dialects, spellings = [], besideEvents }: AgentFile): readonly string[] {
  return [
    ...dialects.flatMap((name) => Object.keys(findDialect(name).events)),
    ...spellings,
    ...Object.keys(besideEvents),
  ];
}
