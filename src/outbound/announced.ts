/** What living outbound workers have, by what they tell of themselves: names, and never a key. */
import type { HttpAction } from '../protocol/http-action.ts';
import { shown } from '../protocol/shown.ts';
import type { JudgeEntry } from './judges/settings.ts';
import { hasUrl, isFor, type TargetEntry, type TargetPlace } from './targets.ts';

interface AnnouncedJudge {
  /** Its name and its aliases. */
  readonly names: readonly string[];
  readonly tenants: readonly string[];
}

interface AnnouncedTarget extends TargetPlace {
  readonly tenants: readonly string[];
}

export interface Announced {
  /** undefined: the worker does not tell. */
  readonly judges?: readonly AnnouncedJudge[] | undefined;
  readonly targets?: readonly AnnouncedTarget[] | undefined;
}

type Entries<T> = Readonly<Record<string, T>>;

/** What a worker with these settings tells; undefined: it has no such file. */
export function announced(
  judges: Entries<JudgeEntry> | undefined,
  targets: Entries<TargetEntry> | undefined,
): Announced {
  return {
    judges: Object.entries(judges ?? {}).map(([name, { aliases, tenants }]) => {
      return { names: [name, ...aliases], tenants };
    }),
    targets: Object.values(targets ?? {}).map(({ hosts, ports, plain, path, tenants }) => {
      return { hosts, ...(ports === undefined ? {} : { ports }), plain, path, tenants };
    }),
  };
}

/** Names in a warning. */
const mostNames = 20;

/** undefined: nothing is known, because a worker does not tell. `why`: a sentence. */
type Known = { readonly why?: string | undefined } | undefined;

/**
 * Whether the workers have a judge of that name or alias for the tenant. Names of other tenants'
 * judges are in no answer.
 * @param workers undefined: one that tells nothing.
 */
export function knownJudge(
  workers: readonly (Announced | undefined)[],
  model: string,
  tenant: string,
): Known {
  const judges = (one: Announced | undefined) =>
    one?.judges?.filter((judge) => isFor(judge, tenant)).flatMap(({ names }) => names);
  return known(workers, {
    has: (one) => judges(one)?.includes(model),
    what: `a judge "${shown(model)}" for tenant ${tenant}`,
    // Only where no worker has it: else the names would be those that it stands beside.
    others: () => {
      const names = [...new Set(workers.flatMap((one) => judges(one) ?? []))].toSorted();
      const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : '';
      const list = names.slice(0, mostNames).map(shown).join(', ');
      return names.length === 0 ? '' : ` The tenant has ${list}${more}.`;
    },
  });
}

/** Whether the workers have a target with that address for the tenant. @param workers as above. */
export function knownTarget(
  workers: readonly (Announced | undefined)[],
  { url }: Pick<HttpAction, 'url'>,
  tenant: string,
): Known {
  return known(workers, {
    has: (one) => one?.targets?.some((entry) => isFor(entry, tenant) && hasUrl(entry, url)),
    what: `a target for ${shown(url.host)} with this port and path for tenant ${tenant}`,
    others: () => '',
  });
}

interface Asked {
  /** undefined: the worker does not tell. */
  readonly has: (one: Announced | undefined) => boolean | undefined;
  readonly what: string;
  /** What the tenant has, as a sentence after a blank. */
  readonly others: () => string;
}

function known(workers: readonly (Announced | undefined)[], { has, what, others }: Asked): Known {
  if (workers.length === 0) return { why: `No outbound worker takes jobs now to ask ${what}.` };
  const answers = workers.map(has);
  if (answers.includes(undefined)) return undefined;
  const count = answers.filter(Boolean).length;
  if (count === workers.length) return {};
  if (count > 0)
    return { why: `Only ${count} of ${workers.length} outbound workers have ${what} now.` };
  return { why: `No outbound worker has ${what} now.${others()}` };
}
