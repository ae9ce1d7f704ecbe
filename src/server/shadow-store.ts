/** What is kept of shadow hooks. */
import type { Agreement } from '../dispatch/shadow.ts';

/** A shadow hook in the evaluations of a stored hook set. */
export interface ShadowHook {
  readonly hookset: string;
  readonly event: string;
  readonly hook: string;
  /** Of what the hook does: a changed script is counted by itself. */
  readonly actionSha256: string;
}

/** How often a shadow hook said what, beside the decisions that were made without it. */
export interface ShadowCounts extends ShadowHook, Readonly<Record<Agreement, number>> {
  /** ISO 8601. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Counts that are lost change no decision. */
export interface ShadowStore {
  add(tenant: string, shadow: ShadowHook, agreement: Agreement): Promise<void>;
  /** By event and name. */
  list(tenant: string, hookset: string): Promise<readonly ShadowCounts[]>;
}
