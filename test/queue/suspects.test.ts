/** How a worker begins jobs under suspicion, with a Redis that only answers what the test says. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Next, Suspects } from '../../src/queue/suspects.ts';
import type { ScriptTask } from '../../src/queue/task.ts';
import type { RedisClient } from '../../src/redis/connection.ts';

/** What Redis permits, by how it is asked: kind, milliseconds, proofs. */
let answers: Record<string, [string, number, number]>;
let asked: string[];
let suspects: Suspects;
let closed: number;
/** What Redis says at the end of a run: whether the script is out of quarantine. */
let isFree: number;
let errors: string[];

beforeEach(() => {
  vi.useFakeTimers();
  answers = {};
  asked = [];
  [closed, isFree, errors] = [0, 1, []];
  const redis = {
    eval: async (script: string, _: number, ...rest: (string | number)[]) => {
      const asking = String(rest.at(-1));
      if (!script.includes('insists')) {
        asked.push(`end ${rest.at(-1)}`);
        return isFree;
      }
      asked.push(asking);
      if (answers[asking] === undefined) throw new Error('Redis is away.');
      return answers[asking];
    },
  };
  const gate = { close: () => void closed++, open: () => undefined, alone: async () => undefined };
  suspects = new Suspects({
    redis: redis as unknown as RedisClient,
    queue: 'hooks',
    gate,
    onError: (error) => errors.push(error.message),
  });
  suspects.replace(['bad', 'worse']);
});

afterEach(() => {
  vi.useRealTimers();
  expect(errors).toEqual([]);
});

const taskOf = (over: Partial<ScriptTask> = {}) =>
  ({ tenant: 'a', script: 'bad', apart: false, budgetMs: 4_000, ...over }) as unknown as ScriptTask;

const kindOf = (next: Next) =>
  'waitMs' in next ? 'waits' : 'failure' in next ? next.failure.code : 'begins';

it('a task without a script is no suspect, whatever else it says', () => {
  expect(suspects.has(taskOf())).toBe(true);
  expect(suspects.has({ ...taskOf({ apart: true }), script: undefined })).toBe(false);
});

describe('a script with one proof or none', () => {
  const waits: [number, number][] = [
    [0, 1],
    [0, 600_000],
    [1, 5_000],
    [1, 600_000],
  ];

  it.each(waits)(
    '(%i) that should wait for %i ms waits, and begins in a fresh sandbox at half of its time',
    async (proofs, ms) => {
      answers = {
        ask: ['wait', ms, proofs],
        try: ['wait', ms, proofs],
        insist: ['worker', 0, proofs],
      };
      expect(kindOf(await suspects.begin(taskOf(), '1', 3_900))).toBe('waits');
      expect(kindOf(await suspects.begin(taskOf(), '1', 2_000))).toBe('waits');
      const next = await suspects.begin(taskOf(), '1', 1_999);
      expect([kindOf(next), 'fresh' in next && next.fresh]).toEqual(['begins', true]);
      expect(asked).toEqual(['ask', 'ask', 'ask', 'insist']);
    },
  );

  it('waits no longer than half of its time for the place that another tenant has', async () => {
    answers = { ask: ['worker', 0, 0], try: ['worker', 0, 0], insist: ['worker', 0, 0] };
    expect(kindOf(await suspects.begin(taskOf({ tenant: 'other' }), '0', 3_900))).toBe('begins');
    expect(kindOf(await suspects.begin(taskOf(), '1', 3_900))).toBe('waits');
    expect(kindOf(await suspects.begin(taskOf(), '1', 1_900))).toBe('begins');
    expect(closed).toBe(1);
  });

  it('is never refused, however many of its tenant wait', async () => {
    answers = { ask: ['worker', 0, 1], try: ['worker', 0, 1] };
    const kinds = [];
    for (let n = 0; n < 100; n++)
      kinds.push(kindOf(await suspects.begin(taskOf(), String(n), 3_900)));
    expect(kinds).toEqual(['begins', ...Array.from({ length: 99 }, () => 'waits')]);
  });
});

describe('a proven script', () => {
  it.each([
    [3_000, 3_900, 'waits'],
    [3_900, 3_900, 'QUARANTINED'],
    [1_000, 900, 'QUARANTINED'],
  ])('that has to wait for %i ms, with %i ms left: %s', async (ms, leftMs, kind) => {
    answers = { ask: ['wait', ms, 2] };
    expect(kindOf(await suspects.begin(taskOf(), '1', leftMs))).toBe(kind);
  });

  it('is refused when 8 of its tenant wait, whatever they wait for; another tenant is not', async () => {
    answers = { ask: ['worker', 0, 2], try: ['worker', 0, 2] };
    const begin = (tenant: string, id: string) =>
      suspects.begin(taskOf({ tenant }), id, 3_900).then(kindOf);
    expect(await begin('b', 'first')).toBe('begins');
    for (let n = 0; n < 4; n++) expect(await begin('a', `a${n}`)).toBe('waits');
    answers = { ask: ['wait', 1_000, 2] };
    for (let n = 4; n < 8; n++) expect(await begin('a', `a${n}`)).toBe('waits');
    expect([await begin('a', 'a8'), await begin('a', 'a7'), await begin('c', 'c0')]).toEqual([
      'QUARANTINED',
      'waits',
      'waits',
    ]);
    answers = { ask: ['worker', 0, 2] };
    expect(await begin('a', 'a8')).toBe('QUARANTINED');
  });
});

describe('a script that has cost sandboxes only', () => {
  it('begins at once, in a fresh one, whoever is tried', async () => {
    answers = { ask: ['worker', 0, 2], try: ['worker', 0, 2] };
    await suspects.begin(taskOf({ tenant: 'other' }), '0', 3_900);
    answers = { ask: ['sandbox', 0, 0] };
    const next = await suspects.begin(taskOf(), '1', 3_900);
    expect('fresh' in next && next.fresh).toBe(true);
  });

  it('is not taken from the losses of workers when it ends by itself beside others', async () => {
    answers = { ask: ['sandbox', 0, 0] };
    const next = await suspects.begin(taskOf(), '1', 3_900);
    if ('end' in next) await next.end(true);
    expect(asked).toEqual(['ask', 'end sandbox']);
  });

  it.each([
    ['is no longer suspected', 1, false],
    ['stays suspected if it has cost a worker meanwhile', 0, true],
  ])('and did no harm now %s', async (_, free, has) => {
    answers = { ask: ['sandbox', 0, 0] };
    isFree = free;
    const next = await suspects.begin(taskOf(), '1', 3_900);
    if ('end' in next) await next.end(true);
    expect(suspects.has(taskOf())).toBe(has);
  });
});

it('the retry of a lost job that ends by itself clears its script, in quarantine or not', async () => {
  const next = await suspects.begin(taskOf({ script: 'good', apart: true }), '1', 3_900);
  if ('end' in next) await next.end(true);
  expect(asked).toEqual(['end retry', 'end good']);
});

it('while Redis is away, a job begins as one without a proof does: apart, or beside others at half of its time', async () => {
  const first = await suspects.begin(taskOf(), '1', 3_900);
  const second = await suspects.begin(taskOf({ tenant: 'b' }), '2', 3_900);
  const late = await suspects.begin(taskOf({ tenant: 'b' }), '2', 1_900);
  expect([first, second, late].map(kindOf)).toEqual(['begins', 'waits', 'begins']);
  expect(['fresh' in first && first.fresh, 'fresh' in late && late.fresh]).toEqual([true, true]);
  expect([...new Set(errors.splice(0))]).toEqual(['Redis is away.']);
});
