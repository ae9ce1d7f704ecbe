import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, describe, expect, test } from 'vitest';
import { openAuditFile } from '../../src/server/audit-log.ts';
import { type AuditRecord, sha256 } from '../../src/server/audit-record.ts';
import { MemoryEvaluations } from '../../src/server/memory-stores.ts';
import { auditAnswer, replayAnswer } from '../../src/server/schemas.ts';
import { type StoredEvaluation, storeLimits } from '../../src/server/stores.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const secretContext = { ...stopContext, final_output: 'the-secret-text' };
const ask = { context: secretContext, hooks: stopHook('# the-secret-script\nexit 2'), evaluationId: 'e1', thread: 't' };

test('the record has hashes, cause, facts and durations, but neither context nor script', async () => {
  const { app, records } = appUnderTest();
  const headers = { 'x-request-id': 'r-1' };
  await app.inject({ method: 'POST', url: '/v1/evaluate', headers, payload: ask });
  const answer = await app.inject({ method: 'GET', url: '/v1/evaluations/e1' });
  const record = auditAnswer.strict().parse(answer.json());
  expect(record).toMatchObject({
    id: 'e1',
    requestId: 'r-1',
    tenant: 'default',
    thread: 't',
    decision: 'block',
    decidedBy: 'guard',
    contextSha256: sha256(JSON.stringify(secretContext)),
    cause: { kind: 'exit-code', exitCode: 2 },
    hooks: [{ hook: 'guard', scriptSha256: sha256('# the-secret-script\nexit 2'), facts: { exitCode: 2 } }],
  });
  expect(answer.body).not.toContain('the-secret');
  expect(JSON.parse(JSON.stringify(records))).toEqual([answer.json()]);
  const replay = await app.inject({ method: 'POST', url: '/v1/evaluations/e1/replay' });
  expect([replay.statusCode, replay.json().error.code]).toEqual([409, 'CONFLICT']);
});

test('where contexts are kept an evaluation can be replayed', async () => {
  const { app, records, jobs } = appUnderTest({ keepContexts: true });
  await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
  expect((await app.inject({ method: 'GET', url: '/v1/evaluations/e1' })).json().context).toBe(JSON.stringify(secretContext));
  const replay = await app.inject({ method: 'POST', url: '/v1/evaluations/e1/replay' });
  expect(replayAnswer.parse(replay.json())).toMatchObject({ same: true, first: 'block', decision: { decision: 'block' } });
  expect(records[1]).toMatchObject({ replayOf: 'e1', decision: 'block' });
  expect(jobs[1]?.context).toEqual(jobs[0]?.context);
});

test('a record that cannot be written changes nothing for the caller, and is counted', async () => {
  const audit = () => {
    throw new Error('disk full');
  };
  const { app } = appUnderTest({ audit });
  expect((await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask })).json().decision).toBe('block');
  expect((await app.inject({ method: 'GET', url: '/metrics' })).body).toContain('hookpool_audit_failures_total 1');
});

test('the log has no context, script or token', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const { app } = appUnderTest({ logger: pino({ level: 'trace' }, stream) });
  const headers = { authorization: 'Bearer the-secret-token' };
  await app.inject({ method: 'POST', url: '/v1/evaluate?x=the-secret-query', headers, payload: ask });
  await app.inject({ method: 'POST', url: '/v1/evaluate', headers, payload: { ...ask, context: 'the-secret-text' } });
  await app.close();
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join('')).not.toContain('the-secret');
});

describe('the audit file', () => {
  const record = (id: string) => ({ id }) as AuditRecord;

  test('gets one line per record, after what is there, for the owner only', () => {
    const file = path.join(folder, 'whole.jsonl');
    for (const ids of [['a', 'b'], ['c']]) {
      const log = openAuditFile(file);
      for (const id of ids) log.write(record(id));
      log.close();
    }
    expect(readFileSync(file, 'utf8')).toBe('{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('keeps a torn record from spoiling the next one', () => {
    const file = path.join(folder, 'torn.jsonl');
    appendFileSync(file, '{"id":"a"}\n{"id":"to');
    const log = openAuditFile(file);
    log.write(record('b'));
    log.close();
    expect(readFileSync(file, 'utf8')).toBe('{"id":"a"}\n{"id":"to\n{"id":"b"}\n');
  });
});

test('the store of evaluations forgets the oldest', async () => {
  const store = new MemoryEvaluations({ ...storeLimits, evaluations: 2 });
  for (const id of ['a', 'b', 'c']) await store.put({ record: { tenant: 't', id } } as StoredEvaluation);
  expect([await store.get('t', 'a'), await store.get('t', 'c')]).toMatchObject([undefined, { record: { id: 'c' } }]);
  const small = new MemoryEvaluations({ ...storeLimits, evaluationBytes: 100 });
  for (const id of ['a', 'b', 'c'])
    await small.put({ record: { tenant: 't', id }, requestSha256: 'x'.repeat(40) } as StoredEvaluation);
  expect([await small.get('t', 'b'), await small.get('t', 'c')]).toMatchObject([undefined, { record: { id: 'c' } }]);
});
