/** What becomes of the record of an evaluation when the store or the trail fails. */
import { expect, test } from 'vitest';
import { MemoryCounts } from '../../src/server/count-store.ts';
import { EvaluationRecords, type RecordDeps } from '../../src/server/evaluation-records.ts';
import { MemoryShadows } from '../../src/server/shadow-counts.ts';
import type { StoredEvaluation } from '../../src/server/stores.ts';

const record = { id: 'e', tenant: 'a' } as StoredEvaluation['record'];
const stored = { record, requestSha256: 'r' } as StoredEvaluation;

function rig(
  evaluations: Partial<RecordDeps['evaluations']>,
  audit: RecordDeps['audit'] = () => undefined,
  events?: RecordDeps['events'],
) {
  const counts = { evaluated: 0, lost: 0 };
  const metrics = {
    evaluated: () => counts.evaluated++,
    auditFailed: () => counts.lost++,
  } as unknown as RecordDeps['metrics'];
  const store = { get: async () => stored, put: async () => undefined, ...evaluations };
  const shadows = new MemoryShadows();
  const ended = new MemoryCounts();
  return {
    counts,
    records: new EvaluationRecords({
      ...{ evaluations: store, shadows, counts: ended },
      ...{ audit, metrics, events },
    }),
  };
}

test('an earlier evaluation is found where all that was evaluated is the same, within the time of the store', async () => {
  const asked: unknown[] = [];
  const { records } = rig({
    get: async (...call) => {
      asked.push(call);
      return stored;
    },
  });
  expect(await records.find('a', 'e', 'r', 20)).toBe(stored);
  expect(await records.find('a', 'e', 'other', 20)).toBeUndefined();
  expect(asked[0]).toEqual(['a', 'e', 20]);
});

test('a store that cannot be read has no earlier evaluation', async () => {
  const { records } = rig({ get: () => Promise.reject(new Error('away')) });
  expect(await records.find('a', 'e', 'r', 20)).toBeUndefined();
});

test('a summary is made once for the store and for those who watch, and only where one asks', async () => {
  const hooks: string[] = [];
  const summarized = {
    ...record,
    skipped: [],
    get hooks() {
      hooks.push('read');
      return [];
    },
  } as unknown as StoredEvaluation['record'];
  const given: unknown[] = [];
  const data: (() => object)[] = [];
  const { records } = rig({ put: async (_, summary) => void given.push(summary) }, undefined, {
    publish: (_tenant, _event, made) => void data.push(made),
  });
  records.keep({ ...stored, record: summarized });
  await records.close();
  expect(hooks).toEqual([]);
  expect(data[0]?.()).toMatchObject({ id: 'e', failed: 0, kept: false });
  expect(given).toEqual(data);
  expect(data[0]?.()).toBe(data[0]?.());
  expect(hooks).toHaveLength(1);
});

test.each([
  ['the store rejects', rig({ put: () => Promise.reject(new Error('full')) })],
  ['the trail rejects', rig({}, () => Promise.reject(new Error('full')))],
  [
    'the trail throws',
    rig({}, () => {
      throw new Error('full');
    }),
  ],
])(
  'a record is counted as lost when %s, and keep() does not throw',
  async (_, { counts, records }) => {
    records.keep(stored);
    await records.close();
    expect(counts).toEqual({ evaluated: 1, lost: 1 });
  },
);

test('close() waits for the records that are being written', async () => {
  let end: () => void = () => undefined;
  const { records } = rig({ put: () => new Promise<void>((resolve) => (end = resolve)) });
  records.keep(stored);
  let isClosed = false;
  const closing = records.close().then(() => (isClosed = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  end();
  await closing;
});
