import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { RunCall } from '../../src/protocol/job.ts';
import { auditAnswer } from '../../src/server/answer-schemas.ts';
import { evaluationsAnswer } from '../../src/server/search-schemas.ts';
import { appUnderTest, fakeRun, stopContext, stopHook } from './app-under-test.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const headers = { traceparent, tracestate: 'a=b' };

/** A server whose hooks tell what they are called with. */
function traced() {
  const calls: (RunCall | undefined)[] = [];
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const { app, records } = appUnderTest({
    logger: pino({ level: 'info' }, stream),
    backend: {
      run: async (job, _signal, call) => {
        calls.push(call);
        return fakeRun(job);
      },
    },
  });
  return { app, records, calls, lines };
}

const payload = { context: stopContext, hooks: stopHook('exit 2'), evaluationId: 'e1' };

test('the trace of a caller is in the record, in lists, in the log, and told to the runner', async () => {
  const { app, records, calls, lines } = traced();
  await app.inject({ method: 'POST', url: '/v1/evaluate', headers, payload });
  const record = await app.inject({ method: 'GET', url: '/v1/evaluations/e1' });
  expect(auditAnswer.strict().parse(record.json())).toMatchObject({ traceId });
  expect(records).toMatchObject([{ traceId }]);
  expect(calls).toMatchObject([{ trace: { traceparent, traceId, tracestate: 'a=b' } }]);
  for (const [q, found] of [
    [traceId, ['e1']],
    ['f'.repeat(32), []],
  ] as const) {
    const answer = await app.inject({ method: 'GET', url: `/v1/evaluations?q=${q}` });
    const { evaluations } = evaluationsAnswer.parse(answer.json());
    expect(evaluations.map(({ id }) => id)).toEqual(found);
    expect(evaluations.every((one) => one.traceId === traceId)).toBe(true);
  }
  const told = lines.map((line) => JSON.parse(line) as { readonly traceId?: string });
  expect(told.map((line) => line.traceId)).toEqual([traceId, undefined, undefined, undefined]);
});

test.each([
  ['/v1/hook', '/v1/hook?dialect=claude-code&hookset=guard'],
  ['/v1/native', '/v1/native/claude-code?hookset=guard'],
])('the trace of an agent is read by %s', async (_, url) => {
  const { app, records } = traced();
  const hooks = { hooks: { Stop: [{ hooks: [{ type: 'command', command: 'exit 2' }] }] } };
  const put = await app.inject({
    method: 'PUT',
    url: '/v1/hooksets/guard?dialect=claude-code',
    payload: hooks,
  });
  expect(put.statusCode, put.body).toBe(201);
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    payload: JSON.stringify({ hook_event_name: 'Stop' }),
  });
  expect(answer.statusCode, answer.body).toBe(200);
  expect(records).toMatchObject([{ decision: 'block', traceId }]);
});

test('a header that names no trace changes nothing', async () => {
  const { app, records, calls } = traced();
  for (const text of ['nonsense', `${traceparent}, ${traceparent}`]) {
    const evaluationId = `e${records.length}`;
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      headers: { traceparent: text },
      payload: { ...payload, evaluationId },
    });
    expect(answer.json()).toMatchObject({ decision: 'block' });
  }
  expect(records.map((record) => record.traceId)).toEqual([undefined, undefined]);
  expect(calls.map((call) => call?.trace)).toEqual([undefined, undefined]);
});
