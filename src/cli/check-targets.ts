/** What `hookpool check` says of http hooks: whether the operator's targets file lets them ask. */
import type { HookSet } from '../files/hook-set.ts';
import { httpReason } from '../files/http-hook.ts';
import type { LoadedHook } from '../files/loaded-hook.ts';
import type { Outbound } from './targets-file.ts';

const howToTell =
  'Name the targets file in HOOKPOOL_TARGETS_FILE, and check tells whether it lets the hook ask.';

/**
 * The sets with one warning less for each http hook whose target allows it and whose secrets are
 * there. Without a targets file the warning says how to give one.
 */
export async function withTargets(
  sets: readonly HookSet[],
  tenant: string,
): Promise<readonly HookSet[]> {
  if (sets.every(({ hooks }) => hooks.every(({ hook }) => hook.action.kind !== 'http')))
    return sets;
  const [{ readOutbound }, { whyNotAsked }] = await Promise.all([
    import('./targets-file.ts'),
    import('../outbound/allowed.ts'),
  ]);
  const outbound = await readOutbound();
  const whyNot = (loaded: LoadedHook) => whyNotIn(outbound, loaded, tenant, whyNotAsked);
  return sets.map((set) => ({
    ...set,
    hooks: set.hooks.map((loaded) =>
      loaded.hook.action.kind === 'http' ? withWhy(loaded, httpReason, whyNot(loaded)) : loaded,
    ),
  }));
}

type WhyNot = typeof import('../outbound/allowed.ts').whyNotAsked;

function whyNotIn(
  outbound: Outbound | undefined,
  { hook: { action } }: LoadedHook,
  tenant: string,
  whyNotAsked: WhyNot,
): string | undefined {
  if (action.kind !== 'http') return undefined;
  if (outbound === undefined) return `${httpReason} ${howToTell}`;
  return whyNotAsked(outbound, { action, tenant });
}

/**
 * The hook with what is known in the place of a general warning.
 * @param why undefined: nothing is missing, and the warning is left out.
 */
export function withWhy(loaded: LoadedHook, general: string, why: string | undefined): LoadedHook {
  const { hook, warnings } = loaded;
  return {
    ...loaded,
    warnings: warnings.flatMap((one) => {
      if (!one.message.startsWith(general)) return [one];
      if (why === undefined) return [];
      return [{ ...one, message: `${why} Else it counts as its failMode, ${hook.failMode}.` }];
    }),
  };
}
