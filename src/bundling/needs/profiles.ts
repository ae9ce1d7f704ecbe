/** The profiles that hooks can run in, and which of them has what a hook needs. */
import { defaultContents, type ProfileContents } from '../../protocol/profile.ts';
import { fullModules, fullPrograms } from './image.ts';

/** The profiles that every list begins with. */
export const builtInContents: readonly [ProfileContents, ProfileContents] = [
  defaultContents,
  { name: 'full', programs: fullPrograms, modules: fullModules },
];

/** A program or module that the default profile lacks. */
export interface Need {
  readonly fact: { readonly kind: string; readonly name: string };
  /** The hook can do nothing without it. */
  readonly isCertain: boolean;
}

/**
 * Returns the first profile in which nothing lacks, else the one in which least lacks: what the
 * hook cannot do without counts before all else.
 * @param profiles in the order in which they are preferred; none: the default one
 */
export function chooseProfile(
  profiles: readonly ProfileContents[],
  needs: readonly Need[],
): ProfileContents {
  const costs = profiles.map((profile) => costIn(profile, needs));
  return profiles[costs.indexOf(Math.min(...costs))] ?? defaultContents;
}

/** More than the lesser needs of a hook can be. */
const certainCost = 1e6;

/** Counts each need once, as certain as its most certain fact. */
function costIn(profile: ProfileContents, needs: readonly Need[]): number {
  const has = contentsOf(profile);
  const costs = new Map<string, number>();
  for (const { fact, isCertain } of needs) {
    if (has(fact)) continue;
    const key = `${fact.kind} ${fact.name}`;
    costs.set(key, Math.max(costs.get(key) ?? 0, isCertain ? certainCost : 1));
  }
  return [...costs.values()].reduce((sum, cost) => sum + cost, 0);
}

/** Whether a profile has what a fact is about; of other facts, no profile has it. */
export function contentsOf({
  programs,
  modules,
}: ProfileContents): (fact: Need['fact']) => boolean {
  const names: Partial<Record<string, ReadonlySet<string>>> = {
    program: new Set(programs),
    module: new Set(modules),
  };
  return ({ kind, name }) => names[kind]?.has(name) === true;
}
