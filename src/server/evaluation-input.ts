/** What one evaluation is made of. */
import type { Content } from '../protocol/content.ts';
import type { Priority } from '../protocol/job.ts';
import type { TraceContext } from '../protocol/trace-context.ts';
import { sha256 } from './audit-record.ts';
import type { EarlyContext } from './reading/reader.ts';
import type { HookDocument } from './stores.ts';

export interface EvaluationInput {
  readonly id: string;
  /** True when the caller gave the id, and so may repeat the call. */
  readonly named: boolean;
  readonly requestId: string;
  readonly tenant: string;
  /** Name of the caller's token. */
  readonly caller?: string | undefined;
  /** The dialect that the caller named; the hooks must be of it. */
  readonly dialect?: string | undefined;
  /** The dialect is that of the first document. */
  readonly documents: readonly HookDocument[];
  /**
   * True when the documents came with the request, so the syntax of their scripts has not been
   * checked yet.
   */
  readonly unchecked: boolean;
  readonly hookset?: string | undefined;
  readonly thread?: string | undefined;
  readonly replayOf?: string | undefined;
  readonly event: string | undefined;
  readonly context: Content;
  /** A reading of the context that began while the hooks were asked for. */
  readonly early?: EarlyContext | undefined;
  /** The folder in which the agent works, where the context names none. */
  readonly cwd?: string | undefined;
  readonly transcript: string | undefined;
  /** The caller sends the transcript if it is asked to with `TRANSCRIPT_NEEDED`. */
  readonly offersTranscript?: boolean | undefined;
  readonly active: readonly string[];
  readonly deadlineMs: number | undefined;
  readonly priority: Priority;
  /** The trace of the caller. */
  readonly trace?: TraceContext | undefined;
  /** Why hooks ran or did not is written down. */
  readonly explain?: boolean | undefined;
  /** performance.now() when the request came: the deadline counts from there. */
  readonly startedAt: number;
  /**
   * Keeps the memory of the body reserved after the answer. @returns the function that releases it
   */
  readonly holdBody?: (() => (() => void) | undefined) | undefined;
}

/** Milliseconds until the deadline of the caller; undefined: the caller has none. */
export function leftMs({
  deadlineMs,
  startedAt,
}: Pick<EvaluationInput, 'deadlineMs' | 'startedAt'>): number | undefined {
  if (deadlineMs === undefined) return undefined;
  return Math.max(1, deadlineMs - (performance.now() - startedAt));
}

/** SHA-256 of all that a repeated call must have in common with the first. */
export function hashOf(input: EvaluationInput): string {
  const { documents, event, transcript, active, context, cwd, thread } = input;
  const hooks = documents.map(({ text: _, ...document }) => document);
  const switched = [...active].toSorted();
  const rest = [transcript, switched, context.sha256, cwd, thread];
  return sha256(JSON.stringify([hooks, event, ...rest]));
}
