/**
 * Recognises the agent system of a file by words that only one of the systems knows: keys, events,
 * and settings beside the hooks. The file's name does not help, because most are called
 * settings.json or hooks.json.
 */

import type { Facts } from '../../agents/file-facts.ts';
import { type AgentFile, findDialect } from '../../agents/registry.ts';

export type Recognised =
  | { readonly format: AgentFile }
  | { readonly format?: undefined; readonly problem: string };

/** @returns undefined when the file belongs to none of the candidates. */
export function recognise(candidates: readonly AgentFile[], facts: Facts): Recognised | undefined {
  const marked = candidates.map((format) => ({
    format,
    marks: marksOf(format, candidates, facts),
  }));
  const found = marked.filter(({ marks }) => marks.length > 0);
  const possible =
    found.length > 0 ? found : unmarked(candidates, facts).map((format) => ({ format, marks: [] }));
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
 * Candidates for a file that no word identifies: those that claim it by its facts, else the
 * fallback formats.
 */
function unmarked(candidates: readonly AgentFile[], facts: Facts): readonly AgentFile[] {
  const claiming = candidates.filter(({ claims }) => claims?.(facts) === true);
  return claiming.length > 0
    ? claiming
    : candidates.filter(({ isFallback }) => isFallback === true);
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
