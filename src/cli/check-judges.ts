/** What `hookpool check` says of prompt and agent hooks: whether the judges file has their judge. */
import { problemOf } from '../errors.ts';
import type { HookSet } from '../files/hook-set.ts';
import { judgeReason } from '../files/judge-hook.ts';
import type { Judges } from '../outbound/judges/judges.ts';
import { withWhy } from './check-targets.ts';

const howToTell =
  'Name the judges file in HOOKPOOL_JUDGES_FILE, and check tells whether it has the judge of the hook.';

/**
 * The sets with one warning less for each hook whose judge the tenant has.
 * @param judges undefined: there is no judges file, and the warning says how to give one.
 */
export function withJudges(
  sets: readonly HookSet[],
  judges: Pick<Judges, 'find'> | undefined,
  tenant: string,
): readonly HookSet[] {
  return sets.map((set) => ({
    ...set,
    hooks: set.hooks.map((loaded) => {
      const { action } = loaded.hook;
      if (action.kind !== 'prompt' && action.kind !== 'agent') return loaded;
      const model = action.model ?? set.dialect.judges.model;
      const why =
        judges === undefined
          ? `${judgeReason} ${howToTell}`
          : problemOf(() => judges.find(model, tenant));
      return withWhy(loaded, judgeReason, why);
    }),
  }));
}
