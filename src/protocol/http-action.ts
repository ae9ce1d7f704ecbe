/** What an http hook sends, and how the answer of a service that speaks no dialect is read. */
import type { DecisionKind } from './decision.ts';
import type { JsonObject } from './json.ts';
import type { RequestUrl } from './request-url.ts';

/** A request to a target of the operator. Plain data: placeholders are filled when it is sent. */
export interface HttpAction {
  readonly kind: 'http';
  readonly url: RequestUrl;
  /** With `${secret:NAME}` in values. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON with placeholders; undefined: the context is sent byte for byte. */
  readonly payload?: unknown;
  /** Where the verdict is in an answer; undefined: the answer is read like stdout. */
  readonly verdict?: VerdictRules | undefined;
  /** What a status means by itself, such as `403: block`. */
  readonly statuses?: Readonly<Record<string, DecisionKind>> | undefined;
  /** Name of the secret that signs the request. */
  readonly sign?: string | undefined;
  /** Further attempts after one that failed. */
  readonly retries: number;
  /** What the author wrote, as far as it has a bounded size. */
  readonly settings: JsonObject;
}

/** Attempts after the first of an async hook without `retries`: nobody waits for it. */
const asyncRetries = 4;

interface Repeated {
  readonly action: Pick<HttpAction, 'retries'>;
  readonly async?: boolean | undefined;
}

/** The most attempts after the first. With any, a service may get the same request again. */
export function furtherAttempts({ action, async }: Repeated): number {
  return async === true && action.retries === 0 ? asyncRetries : action.retries;
}

/** A JSON pointer; the value there must be `true`, or equal to `equals`. */
export type VerdictRule = string | { readonly at: string; readonly equals: unknown };

/** The first of block, ask and allow that holds counts; none of them holds: no objection. */
export interface VerdictRules {
  readonly block?: VerdictRule | undefined;
  readonly ask?: VerdictRule | undefined;
  readonly allow?: VerdictRule | undefined;
  /** JSON pointer to the reason. */
  readonly reason?: string | undefined;
}
