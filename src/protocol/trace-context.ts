/**
 * The trace that a call belongs to, as W3C Trace Context writes it (https://www.w3.org/TR/trace-context/):
 * the headers of a request, or the variables TRACEPARENT and TRACESTATE of a process. A text that
 * does not fit its grammar names no trace, and changes nothing else.
 */

export interface TraceContext {
  readonly traceparent: string;
  /** 32 hexadecimal digits: the name of the trace in every tool that shows it. */
  readonly traceId: string;
  /** What the tracing systems on the way tell each other. */
  readonly tracestate?: string | undefined;
}

/** Of every version but the invalid ff; those after 00 begin alike, and longer ones are not read. */
const parent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** A key and a value, without the blanks that a sender may put around them. */
const member = '[a-z0-9][a-z0-9_*/@-]{0,255}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]';
const state = new RegExp(`^${member}(?:,${member}){0,31}$`);
/** What a system has to pass on at least, and what the bridges and servers take. */
const maxStateLength = 512;

/** @param traceparent a text, or whatever stands in its place */
export function readTrace(traceparent: unknown, tracestate?: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, traceId] = parent.exec(traceparent) ?? [];
  if (traceId === undefined) return undefined;
  return isState(tracestate) ? { traceparent, traceId, tracestate } : { traceparent, traceId };
}

function isState(text: unknown): text is string {
  return typeof text === 'string' && text.length <= maxStateLength && state.test(text);
}
