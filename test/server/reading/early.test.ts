/** A context is read while the store is asked for the hooks, and only once. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import { decodeBody } from '../../../src/server/body.ts';
import { memoryStores } from '../../../src/server/memory-stores.ts';
import { readContextRequest } from '../../../src/server/reading/context-request.ts';
import {
  type EvaluateBodyRequest,
  readEvaluateRequest,
} from '../../../src/server/reading/evaluate-request.ts';
import { Reader } from '../../../src/server/reading/reader.ts';
import type { ThreadPool } from '../../../src/threads/thread-pool.ts';
import { countDecoding } from '../../support/readings.ts';
import { appUnderTest } from '../app-under-test.ts';

const azure = findDialect('azure');
const text = JSON.stringify({ hook_event_name: 'Stop', final_output: 'done', note: 'é' });
const bytes = Buffer.from(text);
const call = { tenant: 'a' };
/** A promise that the test resolves. */
function gate() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const readings = { length: bytes.length, decoded: 0, hashed: 0 };

beforeEach(() => {
  readings.decoded = 0;
  countDecoding(readings);
});
afterEach(() => vi.restoreAllMocks());

describe('a reading that begins early', () => {
  it('is used for the same input, and leaves nothing to read', async () => {
    const reader = new Reader(undefined);
    const early = reader.early('azure', { bytes, event: 'Stop' }, call);
    expect(readings.decoded).toBe(1);
    const context = await reader.context(azure, { bytes, event: 'Stop' }, call, early);
    expect(context).toMatchObject({ event: 'Stop' });
    expect(readings.decoded).toBe(1);
  });

  it.each([
    ['dialect', findDialect('generic'), { bytes, event: 'Stop' }],
    ['event', azure, { bytes, event: undefined }],
    ['context', azure, { bytes: Buffer.from(text), event: 'Stop' }],
    ['transcript', azure, { bytes, event: 'Stop', transcript: Buffer.from('turn 1') }],
  ])('is not used for another %s', async (_, dialect, input) => {
    const reader = new Reader(undefined);
    const early = reader.early('azure', { bytes, event: 'Stop' }, call);
    const before = readings.decoded;
    await reader.context(dialect, input, call, early);
    expect(readings.decoded).toBeGreaterThan(before);
  });

  it("has the dialect of the tenant's last context where none is named", async () => {
    const reader = new Reader(undefined);
    expect(reader.early(undefined, { bytes, event: 'Stop' }, call)).toBeUndefined();
    await reader.context(azure, { bytes, event: 'Stop' }, call);
    expect(reader.early(undefined, { bytes, event: 'Stop' }, call)?.dialect).toBe('azure');
    const other = { tenant: 'b' };
    expect(reader.early(undefined, { bytes, event: 'Stop' }, other)).toBeUndefined();
  });

  it('tells its error to whoever uses it, and to nobody else', async () => {
    const reader = new Reader(undefined);
    const broken = { bytes: Buffer.from('{'), event: 'Stop' };
    const early = reader.early('azure', broken, call);
    await expect(reader.context(azure, broken, call, early)).rejects.toMatchObject({
      code: 'INVALID_CONTEXT',
    });
  });
});

it.each([
  ['/v1/hook?dialect=azure&hookset=mine&event=Stop', () => text],
  ['/v1/evaluate', () => `{"hookset":"mine","event":"Stop","dialect":"azure","context":${text}}`],
])('POST %s reads the context before the store has answered', async (url, payload) => {
  const stores = memoryStores();
  const asked = gate();
  const answered = gate();
  const resolve = stores.hookSets.resolve.bind(stores.hookSets);
  vi.spyOn(stores.hookSets, 'resolve').mockImplementation(async (...args) => {
    asked.resolve();
    await answered.promise;
    return resolve(...args);
  });
  const { app, jobs } = appUnderTest(stores);
  const headers = { 'content-type': 'application/json' };
  const document = '{"hooks":{"Stop":[{"name":"guard","script":"exit 2"}]}}';
  await app.inject({ method: 'PUT', url: '/v1/hooksets/mine', headers, payload: document });
  readings.decoded = 0;
  const answer = app.inject({ method: 'POST', url, headers, payload: payload() });
  await asked.promise;
  await vi.waitFor(() => expect(readings.decoded).toBe(1));
  expect(jobs).toEqual([]);
  answered.resolve();
  expect((await answer).json()).toMatchObject({ decision: 'block' });
  expect(readings.decoded).toBe(1);
  expect(jobs).toHaveLength(1);
  await app.close();
});

describe('a body that a thread reads', () => {
  const large = JSON.stringify({ hook_event_name: 'Stop', note: 'é'.repeat(100_000) });
  const body = (more = '') => ({
    contentType: 'application/json',
    bytes: Buffer.from(`{"hookset":"mine",${more}"context":${large}}`),
  });
  /** A pool that runs its tasks here, and counts them. */
  function poolHere() {
    const kinds: string[] = [];
    const run = async (kind: string, input: never) => {
      kinds.push(kind);
      if (kind === 'context') return { value: readContextRequest(input) };
      const { body: raw, guess } = input as EvaluateBodyRequest;
      return { value: readEvaluateRequest(decodeBody(raw), guess) };
    };
    return { kinds, pool: { run } as unknown as ThreadPool };
  }

  it('is decoded once, and its context is read with it, in the dialect of the last one', async () => {
    const { kinds, pool } = poolHere();
    const reader = new Reader(pool);
    const first = await reader.evaluateRequest(body(), call);
    expect(first.early).toBeUndefined();
    const input = { bytes: first.context };
    await reader.context(azure, input, call);
    readings.length = body().bytes.length;
    const second = await reader.evaluateRequest(body(), call);
    const again = { bytes: second.context };
    const early = reader.early(undefined, again, call, second.early);
    readings.length = second.context.length;
    const context = await reader.context(azure, again, call, early);
    expect(readings.decoded).toBe(1);
    expect(context.event).toBe('Stop');
    expect(context.content.bytes).toBe(second.context);
    expect(kinds).toEqual(['evaluateRequest', 'context', 'evaluateRequest']);
    readings.length = bytes.length;
  });

  it.each([
    ['a transcript', '"transcript":"turn 1",'],
    ['an event that the dialect does not have', '"event":"Nothing",'],
  ])('is not read early with %s', async (_, more) => {
    const reader = new Reader(poolHere().pool);
    await reader.context(azure, { bytes, event: 'Stop' }, call);
    expect((await reader.evaluateRequest(body(more), call)).early).toBeUndefined();
  });

  it('whose context is a text is read from its bytes', async () => {
    const reader = new Reader(poolHere().pool);
    await reader.context(azure, { bytes, event: 'Stop' }, call);
    const raw = Buffer.from(`{"hookset":"mine","context":${JSON.stringify(large)}}`);
    const read = await reader.evaluateRequest({ ...body(), bytes: raw }, call);
    expect(read.context.toString()).toBe(large);
    expect(read.early).toMatchObject({ dialect: 'azure', answer: { event: 'Stop' } });
  });
});
