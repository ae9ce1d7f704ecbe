/**
 * One evaluation: compiles the hooks, calls the dispatcher and writes the record. Calls with the
 * same id, one after another or at once, get one answer.
 */
import { BackgroundHooks } from '../dispatch/background.ts';
import { evaluate } from '../dispatch/dispatcher.ts';
import { explain, SelectionTrace } from '../dispatch/explain.ts';
import type { EvaluateRequest } from '../dispatch/request.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';
import { auditRecord } from './audit-record.ts';
import type { ServerDeps } from './deps.ts';
import { type CompiledHooks, checkSyntax, compileHooks } from './evaluation-hooks.ts';
import { type EvaluationInput, hashOf, leftMs } from './evaluation-input.ts';
import { EvaluationRecords, type RecordDeps } from './evaluation-records.ts';
import { joined, storeTimeoutMs } from './evaluation-times.ts';
import { EvaluationTrace } from './evaluation-trace.ts';
import { withScripts } from './explanation.ts';
import { HeldBody } from './held-body.ts';
import type { HookCompiler } from './hook-compiler.ts';
import { FieldError } from './http-error.ts';
import type { EvaluateRequest as ReadRequest } from './reading/evaluate-request.ts';
import type { EarlyContext, Reader } from './reading/reader.ts';
import type { TenantShares } from './shares.ts';
import type { StoredEvaluation } from './stores.ts';

export interface Evaluation {
  readonly stored: StoredEvaluation;
  /** The answer is that of an earlier call with the same id. */
  readonly repeated: boolean;
}

type Listeners = Pick<
  EvaluateRequest,
  | 'onContext'
  | 'onStart'
  | 'selection'
  | 'onAsyncStart'
  | 'onAsyncEnd'
  | 'onShadowStart'
  | 'onShadowEnd'
  | 'onShadowUnmet'
  | 'onDecided'
>;

interface Compiled extends CompiledHooks, Listeners {
  readonly requestSha256: string;
}

type Early = Pick<
  EvaluationInput,
  'tenant' | 'dialect' | 'context' | 'event' | 'transcript' | 'deadlineMs'
>;

type EvaluatorDeps = Pick<
  ServerDeps,
  | 'backend'
  | 'isolation'
  | 'urgentTiers'
  | 'counters'
  | 'states'
  | 'keepContexts'
  | 'recordSubjects'
  | 'traced'
> &
  RecordDeps & { readonly reader: Pick<Reader, 'context' | 'early' | 'pipe'> };

/** Time for async and shadow hooks that still run when the server closes. */
const asyncGraceMs = 5_000;

export class Evaluator {
  readonly #deps: EvaluatorDeps;
  readonly #compiler: HookCompiler;
  readonly #running = new Map<string, Promise<StoredEvaluation>>();
  readonly #records: EvaluationRecords;
  readonly #background: BackgroundHooks;

  constructor(deps: EvaluatorDeps, compiler: HookCompiler, shares: TenantShares) {
    this.#deps = deps;
    this.#compiler = compiler;
    this.#records = new EvaluationRecords(deps);
    this.#background = new BackgroundHooks(undefined, (tenant, total) => shares.of(tenant, total));
  }

  /**
   * Evaluates the hooks, or returns the answer of an earlier call with the same id and the same
   * request. The id alone is not enough: agents use the id of a tool call for the event before it
   * and the one after it.
   * @throws FieldError for bad input
   */
  async evaluate(input: EvaluationInput): Promise<Evaluation> {
    const requestSha256 = hashOf(input);
    const key = `${input.tenant}\n${input.id}\n${requestSha256}`;
    const find = () =>
      this.#records.find(input.tenant, input.id, requestSha256, storeTimeoutMs(input.deadlineMs));
    const finished = this.#running.has(key) || !input.named ? undefined : await find();
    if (finished !== undefined) return { stored: finished, repeated: true };
    // Another call may have begun while the store was read, or while the one before it failed.
    for (
      let running = this.#running.get(key);
      running !== undefined;
      running = this.#running.get(key)
    ) {
      const stored = await joined(running, input);
      if (stored !== undefined) return { stored, repeated: true };
    }
    const evaluation =
      this.#deps.traced?.(input, (trace) => this.#evaluate({ ...input, trace }, requestSha256)) ??
      this.#evaluate(input, requestSha256);
    this.#running.set(key, evaluation);
    try {
      return { stored: await evaluation, repeated: false };
    } finally {
      this.#running.delete(key);
    }
  }

  /**
   * Begins to read the context while the hooks are asked for: `early` of an input. One with a
   * transcript is not read before it is known to be wanted.
   */
  early(asked: Early, read?: ReadRequest['early']): EarlyContext | undefined {
    const { tenant, dialect, context, event, transcript, deadlineMs } = asked;
    if (transcript !== undefined) return undefined;
    const input = { bytes: context.bytes, content: context, event };
    return this.#deps.reader.early(dialect, input, { tenant, withinMs: deadlineMs }, read);
  }

  /** Starts no more async hooks. Resolves when none runs and no record is being written. */
  async close(): Promise<void> {
    await this.#background.close(asyncGraceMs);
    await this.#records.close();
  }

  async #evaluate(input: EvaluationInput, requestSha256: string): Promise<StoredEvaluation> {
    const began = performance.now();
    const { dialect, hooks: compiled, setOf } = await compileHooks(this.#compiler, input);
    // A replay shows what was decided; what a shadow hook says to it would be counted twice.
    const hooks = input.replayOf === undefined ? compiled : compiled.filter(isHeard);
    if (input.unchecked) await checkSyntax(this.#compiler, input, this.#deps.logger);
    const { event, transcript, active, deadlineMs, documents, context, cwd } = input;
    const { id, requestId, tenant, hookset, thread, replayOf, caller } = input;
    const traceId = input.trace?.traceId;
    const names = { id, requestId, tenant, hookset, thread, replayOf, caller, traceId };
    const { keepContexts, recordSubjects = true } = this.#deps;
    const text = keepContexts ? context.text : undefined;
    const trace = new EvaluationTrace(input.explain === true ? new SelectionTrace() : undefined);
    const subject = () => ({
      ...names,
      ...trace.called(recordSubjects),
      contextSha256: context.sha256,
      contextBytes: context.bytes.length,
      context: text,
      hooks,
    });
    const body = new HeldBody(
      hooks.some((hook) => hook.async === true || !isHeard(hook)) ? input.holdBody : undefined,
    );
    const { onContext, onStart, onDecided, selection } = trace;
    const heard = {
      ...{ onContext, onStart, onDecided, selection },
      onAsyncStart: () => body.started(),
      onAsyncEnd: (result: HookResult, hook: Hook) => {
        body.ended();
        this.#records.asyncEnded(subject(), dialect.name, result, hook);
      },
      onShadowStart: () => body.started(),
      onShadowEnd: (result: HookResult, hook: Hook, made: Decision) => {
        body.ended();
        this.#records.shadowEnded(subject(), made, result, hook);
      },
      onShadowUnmet: () => body.ended(),
    };
    const decision = await body.whileDeciding(
      this.#decide(input, { dialect, hooks, setOf, requestSha256, ...heard }),
    );
    const outcomes = trace.outcomesOf(decision);
    const record = auditRecord(subject(), decision, outcomes.ran, outcomes.starts);
    const kept =
      text === undefined
        ? undefined
        : { documents, event, context: text, transcript, active, deadlineMs, cwd };
    const explained = trace.explained({ dialect, hooks });
    const explanation = explained && {
      ...withScripts(explain(explained, outcomes), hooks),
      timings: trace.timings(input.startedAt, began),
    };
    const stored = { record, requestSha256, decision, kept, explanation };
    this.#records.keep(stored);
    return stored;
  }

  async #decide(
    input: EvaluationInput,
    { requestSha256, ...compiled }: Compiled,
  ): Promise<Decision> {
    const { id, named, tenant, event, context, cwd, active, transcript, priority, trace } = input;
    const { backend, isolation, urgentTiers, counters, states, reader } = this.#deps;
    const text = transcript === undefined ? undefined : Buffer.from(transcript);
    const request = {
      ...compiled,
      tenant,
      session: input.thread,
      event,
      context: context.bytes,
      cwd,
      active,
      transcript: text,
      offersTranscript: input.offersTranscript,
      deadlineMs: leftMs(input),
      priority,
      trace,
      urgentTiers,
    };
    // The decision record and the queue take an id as repeated only together with the same request.
    const evaluationId = named ? `${id}.${requestSha256}` : id;
    try {
      return await evaluate({ ...request, isolation, evaluationId }, backend.run, {
        record: named ? backend.record : undefined,
        // A replay only shows what the hooks decide: it is no event of the session and must
        // not count in it.
        ...(input.replayOf === undefined ? { counters, states } : {}),
        background: this.#background,
        http: backend.http,
        judge: backend.judge,
        readContext: (dialect, asked, withinMs) =>
          reader.context(
            dialect,
            { ...asked, content: context },
            { tenant, withinMs },
            input.early,
          ),
        pipeContext: (dialect, before, result, withinMs) =>
          reader.pipe(dialect, before, result, { tenant, withinMs }),
      });
    } catch (error) {
      throw FieldError.of(error);
    }
  }
}
