/** Tracing with the packages of OpenTelemetry: the only module that loads them, with exporters.ts. */
import {
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type Logger, SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { settlesWithin } from '../../deadline.ts';
import type { HookResult } from '../../protocol/decision.ts';
import type { Job, RunCall } from '../../protocol/job.ts';
import type { TraceContext } from '../../protocol/trace-context.ts';
import { outboundQueueOf } from '../../redis/keys.ts';
import type { AuditRecord } from '../../server/audit-record.ts';
import type { Backend, TraceEvaluation } from '../../server/deps.ts';
import { answerTo } from '../../server/http-error.ts';
import {
  type Attributes,
  failureIn,
  ofEvaluation,
  ofJob,
  ofQueue,
  ofResult,
} from './attributes.ts';
import type { TracingSettings } from './environment.ts';
import { openLogs, openTraces } from './exporters.ts';
import { LossReport } from './loss-report.ts';
import type { TakenJob, Tracing } from './tracing.ts';

/** A collector that does not answer holds up the end of a process for so many milliseconds. */
const lastExportMs = 2_000;

interface Process {
  readonly service: string;
  readonly version: string;
  readonly onError: (error: Error) => void;
}

interface Begun {
  readonly kind: SpanKind;
  readonly parent: TraceContext | undefined;
  readonly attributes: Attributes;
}

export class OpenTelemetry implements Tracing {
  readonly #tracer: Tracer | undefined;
  readonly #logger: Logger | undefined;
  readonly #end: () => Promise<unknown>;

  constructor(settings: TracingSettings, { service, version, onError }: Process) {
    const resource = resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'service.instance.id': crypto.randomUUID(),
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      ...settings.resource,
    });
    const losses = new LossReport(onError);
    const { traces, logs } = settings;
    const spans = traces && openTraces(traces, settings, resource, losses);
    const events = logs && openLogs(logs, resource, losses);
    this.#tracer = spans?.getTracer('hookpool', version);
    this.#logger = events?.getLogger('hookpool', version);
    this.#end = () => Promise.allSettled([spans?.shutdown(), events?.shutdown()]);
  }

  readonly evaluation: TraceEvaluation = async (begun, evaluate) => {
    const span = this.#tracer?.startSpan(
      'hookpool.evaluate',
      { kind: SpanKind.SERVER, startTime: begun.startedAt },
      contextOf(begun.trace),
    );
    const context = span === undefined ? begun.trace : contextIn(span);
    try {
      const stored = await evaluate(context);
      const { record } = stored;
      tell(span, ofEvaluation(record), failureIn(record.cause));
      this.#log(record, context);
      return stored;
    } catch (error) {
      const { status, error: said } = answerTo(error);
      const told = { 'hookpool.tenant': begun.tenant, 'error.type': said.code };
      // What a caller sends wrongly is no error of this server.
      tell(span, told, status >= 500 ? said.code : undefined);
      throw error;
    } finally {
      span?.end(performance.now());
    }
  };

  backend(backend: Backend, queue: string | undefined): Backend {
    if (this.#tracer === undefined) return backend;
    const around =
      <J extends Job>(
        run: (job: J, signal: AbortSignal, call?: RunCall) => Promise<HookResult>,
        line = queue,
      ) =>
      (job: J, signal: AbortSignal, call?: RunCall) => {
        const kind = line === undefined ? SpanKind.INTERNAL : SpanKind.PRODUCER;
        const sent = line === undefined ? {} : ofQueue(line, 'send');
        const begun = { kind, parent: call?.trace, attributes: { ...ofJob(job), ...sent } };
        return this.#around('hookpool.hook', begun, (context) =>
          run(job, signal, call && { ...call, trace: context }),
        );
      };
    const { http, judge, judgeWith } = backend;
    const outbound = queue && outboundQueueOf(queue);
    return {
      ...backend,
      run: around(backend.run),
      http: http && around(http, outbound),
      judge: judge && around(judge, outbound),
      judgeWith: judgeWith && ((runScript) => around(judgeWith(runScript), outbound)),
    };
  }

  job(
    queue: string,
    job: Job,
    { trace: parent, queueMs }: TakenJob,
    run: (context: TraceContext | undefined) => Promise<HookResult>,
  ): Promise<HookResult> {
    const attributes = { ...ofJob(job), ...ofQueue(queue, 'process') };
    const begun = { kind: SpanKind.CONSUMER, parent, attributes };
    return this.#around('hookpool.run', begun, run, queueMs);
  }

  async close(): Promise<void> {
    await settlesWithin(lastExportMs, this.#end());
  }

  async #around(
    name: string,
    { kind, parent, attributes }: Begun,
    run: (context: TraceContext | undefined) => Promise<HookResult>,
    queueMs?: number,
  ): Promise<HookResult> {
    const span = this.#tracer?.startSpan(name, { kind, attributes }, contextOf(parent));
    try {
      const result = await run(span === undefined ? parent : contextIn(span));
      tell(span, ofResult(result, queueMs), failureIn(result.cause));
      return result;
    } catch (error) {
      tell(span, { 'error.type': 'INTERNAL' }, 'INTERNAL');
      throw error;
    } finally {
      span?.end();
    }
  }

  #log(record: AuditRecord, context: TraceContext | undefined): void {
    if (this.#logger === undefined) return;
    const isFailure = failureIn(record.cause) !== undefined;
    const severity = isFailure ? 'ERROR' : record.decision === 'block' ? 'WARN' : 'INFO';
    this.#logger.emit({
      eventName: 'hookpool.decision',
      severityNumber: SeverityNumber[severity],
      severityText: severity,
      attributes: ofEvaluation(record),
      context: contextOf(context),
    });
  }
}

/** @param failure code of what failed; undefined: nothing did */
function tell(span: Span | undefined, attributes: Attributes, failure: string | undefined): void {
  if (span === undefined) return;
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) span.setAttribute(name, value);
  if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
}

function contextOf(parent: TraceContext | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = ''] = parent.traceparent.split('-');
  const { tracestate } = parent;
  const traceState = tracestate === undefined ? undefined : createTraceState(tracestate);
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...{ traceId, spanId, traceFlags, isRemote: true },
    ...(traceState === undefined ? {} : { traceState }),
  });
}

function contextIn(span: Span): TraceContext {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const flags = traceFlags.toString(16).padStart(2, '0');
  const traceparent = `00-${traceId}-${spanId}-${flags}`;
  const tracestate = traceState?.serialize();
  return tracestate === undefined || tracestate === ''
    ? { traceparent, traceId }
    : { traceparent, traceId, tracestate };
}
