import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { auditAnswer, replayAnswer } from '../../src/server/answer-schemas.ts';
import { type AuditLog, openAuditFile } from '../../src/server/audit-log.ts';
import { type AuditRecord, sha256 } from '../../src/server/audit-record.ts';
import { MemoryEvaluations } from '../../src/server/memory-evaluations.ts';
import { type StoredEvaluation, storeLimits } from '../../src/server/stores.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const secretContext = { ...stopContext, final_output: 'the-secret-text' };
const ask = {
  context: secretContext,
  hooks: stopHook('# the-secret-script\nexit 2'),
  evaluationId: 'e1',
  thread: 't',
};

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
    hooks: [
      {
        hook: 'guard',
        scriptSha256: sha256('# the-secret-script\nexit 2'),
        facts: { exitCode: 2 },
      },
    ],
  });
  expect(answer.body).not.toContain('the-secret');
  expect(JSON.parse(JSON.stringify(records))).toEqual([answer.json()]);
  const replay = await app.inject({ method: 'POST', url: '/v1/evaluations/e1/replay' });
  expect([replay.statusCode, replay.json().error.code]).toEqual([409, 'CONFLICT']);
});

test('where contexts are kept an evaluation can be replayed', async () => {
  const { app, records, jobs } = appUnderTest({ keepContexts: true });
  await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
  expect((await app.inject({ method: 'GET', url: '/v1/evaluations/e1' })).json().context).toBe(
    JSON.stringify(secretContext),
  );
  const replay = await app.inject({ method: 'POST', url: '/v1/evaluations/e1/replay' });
  expect(replayAnswer.parse(replay.json())).toMatchObject({
    same: true,
    first: 'block',
    decision: { decision: 'block' },
  });
  expect(records[1]).toMatchObject({ replayOf: 'e1', decision: 'block' });
  expect(jobs[1]?.context).toEqual(jobs[0]?.context);
});

test('a record that cannot be written changes nothing for the caller, and is counted', async () => {
  const audit = () => {
    throw new Error('disk full');
  };
  const { app } = appUnderTest({ audit });
  expect(
    (await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask })).json().decision,
  ).toBe('block');
  expect((await app.inject({ method: 'GET', url: '/metrics' })).body).toContain(
    'hookpool_audit_failures_total 1',
  );
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
  await app.inject({
    method: 'POST',
    url: '/v1/evaluate?x=the-secret-query',
    headers,
    payload: ask,
  });
  await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    headers,
    payload: { ...ask, context: 'the-secret-text' },
  });
  await app.close();
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join('')).not.toContain('the-secret');
});

describe('the audit file', () => {
  const record = (id: string) => ({ id }) as AuditRecord;
  const idsIn = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^{"id":"(\w+)",.*}\n/gm)].map(([, id]) => id);

  test('gets one line per record, after what is there, for the owner only', async () => {
    const file = path.join(folder, 'whole.jsonl');
    for (const ids of [['a', 'b'], ['c']]) {
      const log = openAuditFile(file);
      await Promise.all(ids.map((id) => log.write(record(id))));
      await log.close();
    }
    expect(idsIn(file)).toEqual(['a', 'b', 'c']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('keeps a torn record from spoiling the next one', async () => {
    const file = path.join(folder, 'torn.jsonl');
    appendFileSync(file, '{"id":"a"}\n{"id":"to');
    const log = openAuditFile(file);
    await log.write(record('b'));
    await log.close();
    expect(readFileSync(file, 'utf8')).toBe('{"id":"a"}\n{"id":"to \n{"id":"b","seq":1}\n');
  });

  test('has lines for every reader: no character ends one but a line feed', async () => {
    const file = path.join(folder, 'separators.jsonl');
    const log = openAuditFile(file);
    await log.write({ ...record('a'), reason: 'x\u2028\u0085\u001b[2J' });
    await log.close();
    expect(readFileSync(file, 'utf8')).toBe(
      '{"id":"a","reason":"x\\u2028\\u0085\\u001b[2J","seq":1}\n',
    );
  });

  test('that nobody reads holds nobody up: what is too much is refused, and closing ends', async () => {
    const file = path.join(folder, 'pipe');
    execFileSync('mkfifo', [file]);
    const log = openAuditFile(file);
    const long = { ...record('a'), reason: 'x'.repeat(100_000) };
    const writes = Array.from({ length: 200 }, () => log.write(long).then(() => 'written', String));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const closing = log.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
    const ends = await Promise.all(writes);
    expect(
      ends.filter((end) => end.includes('not written as fast as records come')).length,
    ).toBeGreaterThan(100);
    expect(ends.filter((end) => end.includes('The process ends before')).length).toBeGreaterThan(
      50,
    );
  });

  test('that is full loses whole records, and goes on', async () => {
    const log = openAuditFile('/dev/full');
    await expect(log.write(record('a'))).rejects.toThrow('ENOSPC');
    await expect(log.write(record('b'))).rejects.toThrow('ENOSPC');
    await log.close();
  });

  describe('that was', () => {
    const place = path.join(folder, 'logs');
    const file = path.join(place, 'audit.jsonl');
    const read = (name = file) => readFileSync(name, 'utf8');
    const opened = async () => {
      mkdirSync(place, { recursive: true });
      const log = openAuditFile(file);
      await log.write(record('before'));
      return log;
    };
    /** The first record after the second in which the trail does not look. */
    const later = async (log: AuditLog, id: string) => {
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_001);
      await log.write(record(id));
      expect(read()).toContain(id);
    };

    test('renamed is followed by a new one of its name', async () => {
      const log = await opened();
      renameSync(file, `${file}.1`);
      await later(log, 'after');
      expect(read(`${file}.1`)).toBe('{"id":"before","seq":1}\n');
      await log.close();
    });

    test('renamed is followed at once where that is asked for', async () => {
      const log = await opened();
      renameSync(file, `${file}.2`);
      log.reopen();
      await log.write(record('after'));
      expect(idsIn(file)).toEqual(['after']);
      await log.close();
    });

    test('removed with its folder loses records aloud, and is there again with the folder', async () => {
      const log = await opened();
      rmSync(place, { recursive: true });
      log.reopen();
      await expect(log.write(record('lost'))).rejects.toThrow('is gone and cannot be made: ENOENT');
      await expect(log.write(record('lost'))).rejects.toThrow('ENOENT');
      mkdirSync(place);
      await later(log, 'found');
      expect(read()).not.toContain('lost');
      await log.close();
    });
  });
});

test('the store of evaluations forgets the oldest', async () => {
  const store = new MemoryEvaluations({ ...storeLimits, evaluations: 2 });
  for (const id of ['a', 'b', 'c'])
    await store.put({ record: { tenant: 't', id } } as StoredEvaluation);
  expect([await store.get('t', 'a'), await store.get('t', 'c')]).toMatchObject([
    undefined,
    { record: { id: 'c' } },
  ]);
  const small = new MemoryEvaluations({ ...storeLimits, evaluationBytes: 100 });
  for (const id of ['a', 'b', 'c'])
    await small.put({
      record: { tenant: 't', id },
      requestSha256: 'x'.repeat(40),
    } as StoredEvaluation);
  expect([await small.get('t', 'b'), await small.get('t', 'c')]).toMatchObject([
    undefined,
    { record: { id: 'c' } },
  ]);
});
