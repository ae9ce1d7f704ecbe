/** Joins the documents of a file: what holds for all of their hooks together. */
import { documentLimits } from '../protocol/limits.ts';
import type { DocumentResult, HookSet } from './hook-set.ts';
import { tooMany } from './limits.ts';
import type { LoadedHook } from './loaded-hook.ts';
import type { Problem, SourceDocument } from './source-document.ts';

/** The hooks of one document, and the document for problems. */
export interface DocumentSet {
  readonly set: HookSet;
  readonly source: SourceDocument;
}

/**
 * One set of all documents; the first one gives the format and the dialect.
 * @param sets at least one.
 */
export function joined(sets: readonly DocumentSet[]): DocumentResult {
  const [first] = sets as readonly [DocumentSet, ...DocumentSet[]];
  const agent = sets.find(({ set }) => set.agent !== undefined)?.set.agent;
  const mixed = sets.filter(({ set }) => set.agent !== undefined && set.agent !== agent);
  const oneAgent =
    'This document is for another agent than the one before: give it a file of its own.';
  const hooks = withNumbers(sets);
  const warnings = sets.flatMap(({ set }) => set.warnings ?? []);
  const problems = [
    ...mixed.map(({ source }) => source.problem([], oneAgent)),
    ...crowds(hooks),
    ...duplicateNames(hooks),
  ];
  if (problems.length > 0) return { problems };
  const found = warnings.length === 0 ? {} : { warnings };
  return { set: { ...first.set, agent, hooks, ...found }, problems };
}

/** Formats in which a name identifies a hook: two hooks of one name are a mistake. */
const identifying: readonly HookSet['format'][] = [
  'hookpool',
  'azure-extended-agent',
  'azure-global-hook',
];

/**
 * Numbers default names that repeat, because unnamed hooks may come from several lists: the second
 * `Stop[0]` becomes `Stop[0]#2`. In files of agents that accept equal names it numbers all of them.
 */
function withNumbers(sets: readonly DocumentSet[]): LoadedHook[] {
  const counts = new Map<string, number>();
  return sets.flatMap(({ set }) =>
    set.hooks.map((loaded) => {
      const { name, event } = loaded.hook;
      if (!name.endsWith(']') && identifying.includes(set.format)) return loaded;
      const count = (counts.get(`${event} ${name}`) ?? 0) + 1;
      counts.set(`${event} ${name}`, count);
      return count === 1
        ? loaded
        : { ...loaded, hook: { ...loaded.hook, name: `${name}#${count}` } };
    }),
  );
}

/** Reports too many hooks in all documents of the file, or of one event. */
function crowds(hooks: readonly LoadedHook[]): Problem[] {
  const counts = new Map<string, number>();
  const [last] = hooks.slice(documentLimits.hooks);
  const problems =
    last === undefined ? [] : [last.scriptProblem(tooMany('hooks', documentLimits.hooks))];
  for (const { hook, scriptProblem } of hooks) {
    const count = (counts.get(hook.event) ?? 0) + 1;
    counts.set(hook.event, count);
    if (count !== documentLimits.hooksOfEvent + 1) continue;
    const fix = 'write several checks into one script';
    problems.push(scriptProblem(tooMany(`${hook.event} hooks`, documentLimits.hooksOfEvent, fix)));
  }
  return problems;
}

function duplicateNames(hooks: readonly LoadedHook[]): Problem[] {
  const seen = new Set<string>();
  return hooks.flatMap(({ hook, scriptProblem }) => {
    const key = `${hook.event} ${hook.name}`;
    const again = seen.has(key);
    seen.add(key);
    return again
      ? [scriptProblem(`Two ${hook.event} hooks are called "${hook.name}": rename one.`)]
      : [];
  });
}
