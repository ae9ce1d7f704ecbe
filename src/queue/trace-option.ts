/**
 * The caller's trace beside the data of a job, whose schema is strict: in the option that BullMQ has
 * for it. Workers of every version take such a job, and one that knows no traces ignores the option.
 */
import type { JobsOptions } from 'bullmq';
import { readTrace, type TraceContext } from '../protocol/trace-context.ts';

/** A trace with the longest state has less, also where JSON escapes all of it. */
const maxMetadataLength = 1_200;

/** The metadata is a JSON object of the headers, as the OpenTelemetry package of BullMQ writes it. */
export function traceOption(trace: TraceContext | undefined): Pick<JobsOptions, 'telemetry'> {
  if (trace === undefined) return {};
  const { traceparent, tracestate } = trace;
  return { telemetry: { metadata: JSON.stringify({ traceparent, tracestate }) } };
}

/** The trace of a job, which any program may have added; undefined where it names none. */
export function traceOf({ telemetry }: Pick<JobsOptions, 'telemetry'>): TraceContext | undefined {
  const metadata: unknown = telemetry?.metadata;
  if (typeof metadata !== 'string' || metadata.length > maxMetadataLength) return undefined;
  try {
    const { traceparent, tracestate } = Object(JSON.parse(metadata)) as Partial<TraceContext>;
    return readTrace(traceparent, tracestate);
  } catch {
    return undefined;
  }
}
