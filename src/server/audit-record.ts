/**
 * The audit record of an evaluation: enough to explain its decision. The context of the agent is
 * left out by default.
 */
import { hash } from 'node:crypto';
import { type Action, actionKey } from '../protocol/action.ts';
import type {
  Cause,
  Decision,
  DecisionKind,
  Diagnostic,
  Durations,
  HookFacts,
  HookResult,
} from '../protocol/decision.ts';
import type { Tier } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { AskedFacts } from '../protocol/request-facts.ts';
import { shownUrl } from '../protocol/request-url.ts';
import type { Place, Runtime } from '../protocol/run.ts';

/** The action of a hook, with hashes in place of its texts. */
type AuditedAction =
  | {
      readonly kind: 'command';
      readonly runtime: Runtime;
      readonly scriptSha256: string;
      /** Digest of the files beside the script; absent when there were none. */
      readonly bundleSha256?: string;
    }
  | { readonly kind: 'http'; readonly url: string; readonly settingsSha256: string }
  | {
      readonly kind: 'prompt' | 'agent';
      readonly promptSha256: string;
      readonly settingsSha256: string;
    }
  | { readonly kind: 'unsupported'; readonly type: string; readonly settingsSha256: string }
  /**
   * The decision comes from a decision record, and its hook is not known: it is none of these
   * hooks, or several of them have its name.
   */
  | { readonly kind: 'unknown' };

type AuditedHook = AuditedAction & {
  readonly hook: string;
  readonly tier: Tier;
  readonly decision: DecisionKind;
  readonly cause: Cause;
  readonly reason?: string;
  readonly facts: HookFacts | null;
  readonly durations: Durations;
  /** Container and worker; absent when the hook never ran. */
  readonly ranIn?: Place;
  /** The request of an http hook, or what a judge was asked. */
  readonly asked?: AskedFacts;
  /** Milliseconds from the start of the evaluation until the hook was called. */
  readonly startedMs?: number;
};

export interface AuditRecord {
  readonly v: 1;
  readonly id: string;
  /** The time at which the answer was known, ISO 8601. */
  readonly at: string;
  readonly requestId: string;
  readonly tenant: string;
  readonly dialect: string;
  readonly event: string;
  readonly hookset?: string | undefined;
  readonly thread?: string | undefined;
  readonly replayOf?: string | undefined;
  /** Name of the token of the caller. */
  readonly caller?: string | undefined;
  /** Name of the tool; absent for an event of no tool. */
  readonly tool?: string | undefined;
  /** What the tool is used on, at most 200 characters; absent where the operator records none. */
  readonly subject?: string | undefined;
  /** Name of the caller's trace, 32 hexadecimal digits. */
  readonly traceId?: string | undefined;
  readonly contextSha256: string;
  readonly contextBytes: number;
  readonly decision: DecisionKind;
  readonly reason?: string | undefined;
  readonly decidedBy?: string | undefined;
  readonly cause?: Cause | undefined;
  readonly durationMs: number;
  readonly hooks: readonly AuditedHook[];
  readonly skipped: readonly string[];
  /** Async hooks that were started: each has a record of its own, when it has ended. */
  readonly background?: readonly string[] | undefined;
  /** Marks the record of an async hook, whose result does not count in any decision. */
  readonly async?: true;
  /** Marks the record of a shadow hook; the decision is the one that was made without it. */
  readonly shadow?: true;
  readonly diagnostics: readonly Diagnostic[];
  /** Only where the operator keeps contexts. */
  readonly context?: string | undefined;
}

export interface AuditSubject {
  readonly id: string;
  readonly requestId: string;
  readonly tenant: string;
  readonly hookset?: string | undefined;
  readonly thread?: string | undefined;
  readonly replayOf?: string | undefined;
  readonly caller?: string | undefined;
  readonly tool?: string | undefined;
  readonly subject?: string | undefined;
  readonly traceId?: string | undefined;
  readonly contextSha256: string;
  readonly contextBytes: number;
  /** Only where the operator keeps contexts. */
  readonly context: string | undefined;
  readonly hooks: readonly Hook[];
}

/**
 * @param ran the hooks of the decision's results, in their order; absent for a decision that was
 * found in a decision record
 * @param starts when hooks were called, in milliseconds from the start of the evaluation
 */
export function auditRecord(
  subject: AuditSubject,
  decision: Decision,
  ran?: readonly Hook[],
  starts?: ReadonlyMap<Hook, number>,
): AuditRecord {
  const { context, contextSha256, contextBytes, hooks, ...names } = subject;
  const { event, dialect, reason, decidedBy, cause, durationMs, skipped, background, diagnostics } =
    decision;
  return {
    v: 1,
    at: new Date().toISOString(),
    ...names,
    dialect,
    event,
    contextSha256,
    contextBytes,
    decision: decision.decision,
    reason,
    decidedBy,
    cause,
    durationMs,
    hooks: decision.results.map((result, at) => {
      const hook = ran === undefined ? hookNamedBy(result, hooks) : ran[at];
      const startedMs = ran === undefined ? undefined : hook && starts?.get(hook);
      return {
        ...auditedHook(result, hook),
        ...(startedMs === undefined ? {} : { startedMs }),
      };
    }),
    skipped,
    background,
    diagnostics,
    context,
  };
}

/** The record of an async hook that has ended, under the id of its evaluation. */
export function asyncRecord(
  subject: AuditSubject,
  dialect: string,
  result: HookResult,
  ran: Hook,
): AuditRecord {
  const { hook: _, event, diagnostics } = result;
  const durationMs = result.durations.queueMs + result.durations.totalMs;
  const said = {
    v: 1,
    event,
    dialect,
    decision: 'none',
    results: [result],
    skipped: [],
    diagnostics,
    durationMs,
  } as const;
  return { ...auditRecord(subject, said, [ran]), async: true };
}

/** The record of a shadow hook that has ended, under the id of its evaluation. */
export function shadowRecord(
  subject: AuditSubject,
  { event, dialect, decision }: Pick<Decision, 'event' | 'dialect' | 'decision'>,
  result: HookResult,
  ran: Hook,
): AuditRecord {
  const ofHook = asyncRecord(subject, dialect, result, ran);
  const { async: _, ...record } = { ...ofHook, event, decision };
  return { ...record, shadow: true };
}

export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** The only hook that the names in a result fit; equal scripts count as one. */
function hookNamedBy(result: HookResult, hooks: readonly Hook[]): Hook | undefined {
  const { hook: name, event, tier } = result;
  const [first, ...others] = hooks.filter(
    (one) => one.name === name && one.event === event && one.tier === tier,
  );
  const key = first && actionKey(first.action);
  return others.every(({ action }) => actionKey(action) === key) ? first : undefined;
}

function auditedHook(result: HookResult, ran: Hook | undefined): AuditedHook {
  const { hook, tier, decision, cause, reason, facts, durations, ranIn, asked } = result;
  return {
    hook,
    tier,
    decision,
    cause,
    ...(reason === undefined ? {} : { reason }),
    ...auditedAction(ran?.action),
    // What a service answers is not ours to keep.
    facts: facts?.status === 'replied' ? { ...facts, replyHead: '' } : facts,
    durations,
    ...(ranIn === undefined ? {} : { ranIn }),
    ...(asked === undefined ? {} : { asked }),
  };
}

function auditedAction(action: Action | undefined): AuditedAction {
  if (action === undefined) return { kind: 'unknown' };
  if (action.kind !== 'command') {
    const settingsSha256 = sha256(JSON.stringify(action.settings));
    if (action.kind === 'http')
      return { kind: action.kind, url: shownUrl(action.url), settingsSha256 };
    return action.kind === 'unsupported'
      ? { kind: action.kind, type: action.type, settingsSha256 }
      : { kind: action.kind, promptSha256: sha256(action.prompt), settingsSha256 };
  }
  const { runtime, source, bundle } = action.script;
  const files = bundle === undefined ? {} : { bundleSha256: bundle.digest };
  return { kind: action.kind, runtime, scriptSha256: sha256(source), ...files };
}
