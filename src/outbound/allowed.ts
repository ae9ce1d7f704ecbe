/** What an operator's settings let an http hook ask, before anything is sent. */
import { OutboundError, problemOf } from '../errors.ts';
import type { HttpAction } from '../protocol/http-action.ts';
import { renderHeader } from '../protocol/template.ts';
import type { Secrets } from './secrets.ts';
import type { Target, Targets } from './targets.ts';

const inClear =
  'A secret is sent over https:// only, or to a target that the operator marks as trusted.';

/** An http hook, and for whom it asks. */
export interface Asked {
  readonly action: HttpAction;
  readonly tenant: string;
}

/**
 * A function from the name of a secret to its value.
 * It throws OutboundError `SECRET_MISSING` where the value may not be sent to this target.
 */
export function secretsFor(
  secrets: Pick<Secrets, 'valueFor'>,
  target: Target,
  { action: { url }, tenant }: Asked,
): (name: string) => string {
  return (name) => {
    if (!url.isTls && !target.trusted) throw new OutboundError('SECRET_MISSING', inClear);
    return secrets.valueFor(name, tenant, url.host);
  };
}

/** Why a hook would send nothing, as a sentence; undefined where its target and secrets are there. */
export function whyNotAsked(
  { targets, secrets }: { readonly targets: Targets; readonly secrets: Secrets },
  asked: Asked,
): string | undefined {
  const { url, headers, sign } = asked.action;
  return problemOf(() => {
    const secretOf = secretsFor(secrets, targets.find(url, asked.tenant), asked);
    for (const text of Object.values(headers)) renderHeader(text, secretOf);
    if (sign !== undefined) secretOf(sign);
  });
}
