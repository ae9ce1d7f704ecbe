import { expect, test } from 'vitest';
import { readTrace } from '../../src/protocol/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${parentId}-01`;

test('a trace is read with its state', () => {
  expect(readTrace(traceparent)).toEqual({ traceparent, traceId });
  const tracestate = 'congo=t61rcWkgMzE,fw529a3039@dt=FfAg ;1,a*/_-b=~!"#\'';
  expect(readTrace(traceparent, tracestate)).toEqual({ traceparent, traceId, tracestate });
});

test.each([
  ['none', undefined],
  ['several headers', [traceparent, traceparent]],
  ['an empty text', ''],
  ['the version ff', `ff-${traceId}-${parentId}-01`],
  ['upper case', traceparent.toUpperCase()],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
  ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['a field more', `${traceparent}-00`],
  ['a line break', `${traceparent}\n`],
  ['a part that is too short', `00-${traceId.slice(1)}-${parentId}-01`],
])('%s is no trace', (_, text) => {
  expect(readTrace(text, 'a=b')).toBeUndefined();
});

test.each([
  ['no member', ''],
  ['several headers', ['a=b']],
  ['a member without a value', 'a='],
  ['a key with a capital', 'A=b'],
  ['a value that ends with a blank', 'a=b '],
  ['a value with an equals sign', 'a=b=c'],
  ['an empty member', 'a=b,,c=d'],
  ['a line break', 'a=b\n'],
  ['a character beyond ASCII', 'a=é'],
  ['33 members', Array.from({ length: 33 }, (_, at) => `a${at}=b`).join(',')],
  ['513 characters', `a=${'b'.repeat(250)},b=${'b'.repeat(256)},c=d`],
  ['a value of 257 characters', `a=${'b'.repeat(257)}`],
])('a state with %s is left out', (_, tracestate) => {
  expect(readTrace(traceparent, tracestate)).toEqual({ traceparent, traceId });
});
