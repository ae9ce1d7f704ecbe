import { expect, it } from 'vitest';
import { traceOf, traceOption } from '../../src/queue/trace-option.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

it('the option of a job names its trace, and none where it has none', () => {
  const trace = { traceparent, traceId, tracestate: `a=${'b'.repeat(250)},b=${'\\'.repeat(250)}` };
  expect(traceOf(traceOption(trace))).toEqual(trace);
  expect(traceOf(traceOption({ traceparent, traceId }))).toEqual({ traceparent, traceId });
  expect(traceOption(undefined)).toEqual({});
  expect(traceOf({})).toBeUndefined();
});

it.each([
  'no JSON',
  'null',
  '[]',
  '{"traceparent":7}',
  '{"traceparent":"00-1-2-3"}',
  JSON.stringify({ traceparent, more: 'x'.repeat(2_000) }),
])('an option of another program names no trace: %.40s', (metadata) => {
  expect(traceOf({ telemetry: { metadata } })).toBeUndefined();
  expect(traceOf({ telemetry: null } as never)).toBeUndefined();
});
