/** Whether the operator's files of this process have the targets and judges that hooks need. */
import { readTargetsConfig } from '../config.ts';
import { problemOf } from '../errors.ts';
import type { HookSet } from '../files/hook-set.ts';
import type { OutboundAsked, OutboundKnown } from '../files/outbound-warnings.ts';
import type { HttpAction } from '../protocol/http-action.ts';
import { namedJudges } from './judges.ts';

/** What is known of a hook of a tenant; undefined: no file tells it. */
export type KnownOutbound = (asked: OutboundAsked, tenant: string) => OutboundKnown | undefined;

/** Whether a hook of the sets needs a target or a judge. */
export function needsOutbound(sets: readonly HookSet[]): boolean {
  return sets.some(({ hooks }) =>
    hooks.some(
      ({ hook: { action } }) => action.kind !== 'command' && action.kind !== 'unsupported',
    ),
  );
}

/**
 * Reads the operator's files, where they are configured; without one nothing is loaded.
 * @throws InvalidInputError `INVALID_CONFIG` with every problem of a file.
 */
export async function knownOutbound(): Promise<KnownOutbound> {
  const [whyNotSent, judges] = [await openTargets(), await namedJudges()];
  return ({ action, dialect }, tenant) => {
    if (action.kind === 'http') return whyNotSent && { why: whyNotSent(action, tenant) };
    const model = action.model ?? dialect.judges.model;
    return judges && { why: problemOf(() => judges.find(model, tenant)) };
  };
}

type WhyNotSent = (action: HttpAction, tenant: string) => string | undefined;

async function openTargets(): Promise<WhyNotSent | undefined> {
  if (readTargetsConfig().targetsFile === undefined) return undefined;
  const [{ readOutbound }, { whyNotAsked }] = await Promise.all([
    import('./targets-file.ts'),
    import('../outbound/allowed.ts'),
  ]);
  const outbound = await readOutbound();
  return outbound && ((action, tenant) => whyNotAsked(outbound, { action, tenant }));
}
