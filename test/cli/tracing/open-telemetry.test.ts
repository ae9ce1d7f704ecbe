import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { CommandJob, RunCall } from '../../../src/protocol/job.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { fakeRun, stopContext, stopHook } from '../../server/app-under-test.ts';
import type { Collector } from '../../support/collector.ts';
import { sampleJob } from '../../support/queue-job.ts';
import { TracedRig, tracedApp } from './traced-rig.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${parentId}-01`;
let rig: TracedRig;
let collector: Collector;

beforeEach(async () => {
  rig = await TracedRig.start();
  ({ collector } = rig);
});
afterEach(() => rig.close());

const fails = (code: 'NO_WORKER') => async (job: CommandJob) =>
  decide(job.dialect, job.hook, { code, message: 'planted' });

describe('an evaluation', () => {
  it('and its hooks are spans below the span of the caller', async () => {
    const tracing = rig.tracing();
    const calls: (RunCall | undefined)[] = [];
    const run: typeof fakeRun = async (job, _signal?: AbortSignal, call?: RunCall) => {
      calls.push(call);
      return fakeRun(job);
    };
    const { ask, records } = tracedApp(tracing, run, 'hooks');
    const headers = { traceparent, tracestate: 'a=b,c=d' };
    const answer = await ask(stopHook('exit 2'), headers, { evaluationId: 'e1' });
    expect(answer.json()).toMatchObject({ decision: 'block' });
    expect(records).toMatchObject([{ traceId }]);
    await tracing.close();
    const [hook, evaluation] = collector.spans;
    expect(evaluation).toMatchObject({
      ...{ name: 'hookpool.evaluate', kind: 2, traceId, parentSpanId: parentId },
      // A block is what a guard is for.
      status: { code: 0 },
      attributes: {
        'hookpool.evaluation.id': 'e1',
        'hookpool.tenant': 'default',
        'hookpool.dialect': 'azure',
        'hookpool.event': 'Stop',
        'hookpool.hooks': 1,
        'hookpool.decision': 'block',
        'hookpool.cause.kind': 'exit-code',
      },
      resource: { 'service.name': 'hookpool-serve', 'service.version': '1.2.3' },
    });
    expect(hook).toMatchObject({
      ...{ name: 'hookpool.hook', kind: 4, traceId, parentSpanId: evaluation?.spanId },
      status: { code: 0 },
      attributes: {
        'hookpool.hook.tier': 'agent',
        'hookpool.hook.type': 'command',
        'hookpool.decision': 'block',
        'hookpool.run.status': 'exited',
        'process.exit.code': 2,
        ...{ 'hookpool.queue_ms': 0, 'hookpool.lease_ms': 1, 'hookpool.run_ms': 1 },
        'messaging.system': 'bullmq',
        'messaging.destination.name': 'hooks',
        'messaging.operation.type': 'send',
      },
    });
    expect(evaluation?.ms).toBeGreaterThanOrEqual(hook?.ms ?? Number.NaN);
    const sent = { traceparent: `00-${traceId}-${hook?.spanId}-01`, traceId };
    expect(calls).toMatchObject([{ trace: { ...sent, tracestate: 'a=b,c=d' } }]);
  });

  it('of a caller without a trace begins one, whose name is in the record', async () => {
    const tracing = rig.tracing();
    const { ask, records } = tracedApp(tracing);
    await ask(stopHook('exit 0'));
    await tracing.close();
    const [hook, evaluation] = collector.spans;
    expect(evaluation?.parentSpanId).toBeUndefined();
    expect(records).toMatchObject([{ traceId: evaluation?.traceId }]);
    expect(hook).toMatchObject({ kind: 1, traceId: evaluation?.traceId });
    expect(hook?.attributes).not.toHaveProperty('messaging.system');
  });

  it('that a failMode decided is an error, with its code', async () => {
    const tracing = rig.tracing();
    const { ask } = tracedApp(tracing, fails('NO_WORKER'));
    await ask({ Stop: [{ name: 'guard', command: 'exit 0', failMode: 'block' }] });
    await tracing.close();
    for (const span of collector.spans)
      expect(span).toMatchObject({
        status: { code: 2, message: 'NO_WORKER' },
        attributes: { 'hookpool.cause.code': 'NO_WORKER', 'error.type': 'NO_WORKER' },
      });
    expect(collector.spans).toHaveLength(2);
    expect(collector.events).toMatchObject([{ severityText: 'ERROR' }]);
  });

  it('that is refused has the code, and is an error only where the server is to blame', async () => {
    const tracing = rig.tracing();
    const { ask } = tracedApp(tracing);
    expect((await ask(stopHook('SYNTAX'))).statusCode).toBe(400);
    await tracing.close();
    expect(collector.spans).toMatchObject([
      { status: { code: 0 }, attributes: { 'error.type': 'INVALID_HOOKS' } },
    ]);
    expect(collector.events).toEqual([]);
  });

  it('is a log event in its trace, a warning where it blocks', async () => {
    const tracing = rig.tracing();
    const { ask } = tracedApp(tracing);
    await ask(stopHook('exit 2'), { traceparent });
    await ask(stopHook('exit 0'));
    await tracing.close();
    const evaluation = collector.spans.find(({ name }) => name === 'hookpool.evaluate');
    expect(collector.events).toMatchObject([
      {
        eventName: 'hookpool.decision',
        severityText: 'WARN',
        traceId,
        spanId: evaluation?.spanId,
        attributes: { 'hookpool.decision': 'block', 'hookpool.tenant': 'default' },
      },
      { severityText: 'INFO', attributes: { 'hookpool.decision': 'none' } },
    ]);
  });
});

test('a worker that has taken a job continues the trace of the one who added it', async () => {
  const tracing = rig.tracing();
  const trace = { traceparent, traceId };
  await tracing.job('hooks', sampleJob(), { trace, queueMs: 12.3456 }, async (own) => {
    expect(own?.traceId).toBe(traceId);
    expect(own?.traceparent).not.toBe(traceparent);
    return fakeRun(sampleJob());
  });
  const bug = async () => Promise.reject(new Error('planted'));
  await expect(tracing.job('hooks', sampleJob(), {}, bug)).rejects.toThrow('planted');
  await tracing.close();
  expect(collector.spans).toMatchObject([
    {
      ...{ name: 'hookpool.run', kind: 5, traceId, parentSpanId: parentId },
      attributes: { 'hookpool.queue_ms': 12.346, 'messaging.operation.type': 'process' },
    },
    { name: 'hookpool.run', status: { code: 2, message: 'INTERNAL' } },
  ]);
});

test('nothing that a caller, a hook or the operator writes as a secret is sent', async () => {
  const tracing = rig.tracing({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=planted-key' });
  const { ask } = tracedApp(tracing);
  const hooks = { Stop: [{ name: 'guard', command: 'exit 2\necho planted-output' }] };
  const context = { ...stopContext, prompt: 'planted-prompt', tool_input: { a: 'planted-input' } };
  const headers = { traceparent, authorization: 'Bearer planted-token', cookie: 'planted' };
  expect((await ask(hooks, headers, { context })).json()).toMatchObject({ decision: 'block' });
  await ask({ Stop: [{ name: 'guard', command: 'SYNTAX planted' }] }, headers, { context });
  await tracing.close();
  expect(collector.received.map(({ headers: one }) => one['api-key'])).toContain('planted-key');
  expect(collector.spans.length).toBe(3);
  for (const { body } of collector.received) expect(String(body)).not.toMatch(/planted|because/);
});

test.each([
  ['a caller that does not sample', {}, { traceparent: `${traceparent.slice(0, -1)}0` }],
  ['a sampler that takes none', { OTEL_TRACES_SAMPLER: 'always_off' }, { traceparent }],
])('with %s no span is sent, and the trace goes on unsampled', async (_, env, headers) => {
  const tracing = rig.tracing({ ...env, OTEL_LOGS_EXPORTER: 'none' });
  const calls: (RunCall | undefined)[] = [];
  const { ask } = tracedApp(tracing, async (job, _signal, call) => {
    calls.push(call);
    return fakeRun(job);
  });
  await ask(stopHook('exit 0'), headers);
  await tracing.close();
  expect(collector.received).toEqual([]);
  expect(calls[0]?.trace?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
});

test('log events alone leave the trace of the caller as it is', async () => {
  const tracing = rig.tracing({ OTEL_TRACES_EXPORTER: 'none' });
  const { ask, records } = tracedApp(tracing);
  await ask(stopHook('exit 2'), { traceparent });
  await tracing.close();
  expect(records).toMatchObject([{ traceId }]);
  expect(collector.events).toMatchObject([{ traceId, spanId: parentId }]);
  expect(collector.received.map(({ path }) => path)).toEqual(['/v1/logs']);
});

test('protobuf is what a collector is sent unless the operator says otherwise', async () => {
  const tracing = rig.tracing({
    OTEL_EXPORTER_OTLP_PROTOCOL: '',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'guards',
  });
  const { ask } = tracedApp(tracing);
  await ask(stopHook('exit 2'));
  await tracing.close();
  const spans = collector.received.find(({ path }) => path === '/v1/traces');
  expect(spans?.headers['content-type']).toBe('application/x-protobuf');
  expect(spans?.body.includes('guards') && spans.body.includes('hookpool.evaluate')).toBe(true);
  expect(collector.events).toHaveLength(1);
});
