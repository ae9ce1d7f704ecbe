/** How often a server hashes the context of an evaluation, and where. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { redisDecisionRecord } from '../../src/redis-stores/decision-record.ts';
import { openReaderThreads } from '../../src/server/reading/reader.ts';
import type { ThreadPool } from '../../src/threads/thread-pool.ts';
import { toJobMessage } from '../../src/wire/job-message.ts';
import { appUnderTest, fakeRun, stopContext } from './app-under-test.ts';

const readings = vi.hoisted(() => ({ length: 0, decoded: 0, hashed: 0 }));
vi.mock('node:crypto', async (original) => {
  const { countingCrypto } = await import('../support/readings.ts');
  return countingCrypto(await original(), readings);
});

let readerThreads: ThreadPool;
beforeAll(() => {
  readerThreads = openReaderThreads();
});
afterAll(() => readerThreads.close());

/** Has no decision yet and stores the one that it is given. */
const redis = { get: async () => null, eval: async (...[, , , text]: unknown[]) => text };
const record = redisDecisionRecord(redis as never);
const envelope = { evaluationId: 'e', attempt: 1, budgetMs: 1_000 };
const hooks = {
  Stop: Array.from({ length: 10 }, (_, at) => ({ name: `h${at}`, script: 'exit 0' })),
};

/** Ten hooks behind a queue, with a decision record. */
function rig() {
  const hashes = new Set<string>();
  const run: typeof fakeRun = async (job) => {
    toJobMessage(job, envelope);
    hashes.add(String(job.content?.sha256));
    return fakeRun(job);
  };
  const { app, jobs, records } = appUnderTest({
    readerThreads,
    backend: { run, record },
    keepContexts: true,
  });
  return { app, jobs, records, hashes };
}

test.each([
  ['of a few bytes once', '', 1],
  [
    'of 100 KB on the thread that reads the body, and not on the one that answers',
    'x'.repeat(100_000),
    0,
  ],
])(
  'the context %s, for ten hooks, a decision record and an audit record',
  async (_, note, hashed) => {
    const { app, jobs, records, hashes } = rig();
    const context = { ...stopContext, note };
    Object.assign(readings, { length: JSON.stringify(context).length, hashed: 0 });
    const payload = { evaluationId: 'e', context, hooks };
    expect((await app.inject({ method: 'POST', url: '/v1/evaluate', payload })).statusCode).toBe(
      200,
    );
    expect(jobs).toHaveLength(10);
    expect(new Set(jobs.map(({ content }) => content)).size).toBe(1);
    expect([...hashes]).toEqual([records[0]?.contextSha256]);
    expect(readings.hashed).toBe(hashed);
    await app.close();
  },
);

test('a context that points to a transcript is hashed once more, because its bytes are others', async () => {
  const { app, records, hashes } = rig();
  // As long as the path of the transcript, so that both contexts have the length that is counted.
  const context = { ...stopContext, execution_summary: '/job/transcript.TXT' };
  Object.assign(readings, { length: JSON.stringify(context).length, hashed: 0 });
  const payload = { evaluationId: 'e', context, hooks, transcript: 'turn 1' };
  expect((await app.inject({ method: 'POST', url: '/v1/evaluate', payload })).statusCode).toBe(200);
  expect(hashes.size).toBe(1);
  expect([...hashes]).not.toEqual([records[0]?.contextSha256]);
  expect(readings.hashed).toBe(2);
  await app.close();
});
