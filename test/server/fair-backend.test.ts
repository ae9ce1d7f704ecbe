/** How many jobs run at once, by what each of them holds in memory. */
import { describe, expect, test } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import type { CommandJob } from '../../src/protocol/job.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import type { Backend } from '../../src/server/deps.ts';
import { fairBackend } from '../../src/server/fair-backend.ts';
import { TenantShares } from '../../src/server/shares.ts';
import { sampleHook } from '../protocol/samples.ts';
import { httpJob } from '../support/http-job.ts';
import { judgeJob } from '../support/judge-job.ts';

const call = { evaluationId: 'e', priority: 'normal', budgetMs: 1_000 } as const;
const small = 1_000;
const placeBytes = 64 << 10;
const late = { code: 'DEADLINE', message: '' } as const;

/**
 * 64 places, whose jobs end when they are let go. @param capacity that of a pool; undefined: a
 * queue.
 */
function rig(capacity?: number) {
  const running: string[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const begin = async <T>(tenant: string, value: () => T): Promise<T> => {
    running.push(tenant);
    await released;
    return value();
  };
  const backend: Backend = {
    run: (job) =>
      begin(job.tenant, () =>
        decide(job.dialect, job.hook, { ...emptyRun('exited', 1), exitCode: 0 }),
      ),
    http: (job) => begin(job.tenant, () => decide(job.dialect, job.hook, late)),
    judge: (job) => begin(job.tenant, () => decide(job.dialect, job.hook, late)),
    runScript: ({ tenant }) =>
      begin(tenant, () => ({ run: emptyRun('exited', 1), leaseMs: 0, ranIn: { container: 'x' } })),
    checkScript: (_, tenant) => begin(tenant, () => undefined),
    whyNotReady: async () => undefined,
    capacity,
  };
  const fair = fairBackend(backend, 64, new TenantShares(['a', 'b']));
  const run = (tenant: string, more: Partial<CommandJob>) => {
    const job = {
      dialect: findDialect('azure'),
      hook: sampleHook({}),
      tenant,
      isolation: 'tenant',
      transcript: undefined,
    } as const;
    return fair.run(
      { ...job, context: Buffer.alloc(small), ...more },
      new AbortController().signal,
      call,
    );
  };
  const askTarget = (tenant: string, bytes = small) =>
    fair.http?.(
      httpJob({ tenant, context: Buffer.alloc(bytes) }),
      new AbortController().signal,
      call,
    ) ?? expect.unreachable();
  const askJudge = (tenant: string, bytes = small) =>
    fair.judge?.(
      judgeJob({ tenant, context: Buffer.alloc(bytes) }),
      new AbortController().signal,
      call,
    ) ?? expect.unreachable();
  const count = (tenant: string) => running.filter((one) => one === tenant).length;
  return { fair, run, askTarget, askJudge, count, release };
}

const many = <T>(count: number, work: () => Promise<T>) => Array.from({ length: count }, work);
const settled = () => new Promise((resolve) => setImmediate(resolve));
const script = (bytes: number) => ({ runtime: 'bash', source: 'x'.repeat(bytes) }) as const;

describe('a job for the queue takes a place more for each 64 KiB', () => {
  test.each<[string, Partial<CommandJob>, number]>([
    ['a small context', {}, 32],
    ['a context that is stored beside its jobs', { context: Buffer.alloc(placeBytes) }, 32],
    ['such a context of 8 MiB', { context: Buffer.alloc(8 << 20) }, 32],
    ['a transcript', { transcript: Buffer.alloc(3 * placeBytes) }, 8],
    ['a script', { hook: sampleHook({ script: script(placeBytes) }) }, 16],
    [
      'files',
      {
        hook: sampleHook({
          script: {
            ...script(1),
            bundle: {
              digest: '',
              files: [{ path: 'a', executable: false, content: Buffer.alloc(placeBytes) }],
            },
          },
        }),
      },
      16,
    ],
    ['20 MiB: an eighth of all places', { transcript: Buffer.alloc(20 << 20) }, 4],
  ])('of %s', async (_, more, atOnce) => {
    const { run, count, release } = rig();
    const jobs = many(40, () => run('a', more));
    await settled();
    expect(count('a')).toBe(atOnce);
    // Half of the places are another tenant's, whatever the first one sends.
    const others = many(32, () => run('b', {}));
    await settled();
    expect(count('b')).toBe(32);
    release();
    await Promise.all([...jobs, ...others]);
    expect(count('a')).toBe(40);
  });

  test('of a bare script and of a check likewise', async () => {
    const request = (bytes: number) => ({
      tenant: 'a',
      isolation: 'tenant' as const,
      request: {
        runtime: 'bash' as const,
        script: Buffer.alloc(1),
        stdin: Buffer.alloc(bytes),
        limits: {} as never,
      },
    });
    const runs = rig();
    const signal = new AbortController().signal;
    const scripts = many(40, () => runs.fair.runScript(request(placeBytes), signal));
    const checks = rig();
    const checked = many(40, () => checks.fair.checkScript(script(placeBytes), 'a'));
    await settled();
    expect([runs.count('a'), checks.count('a')]).toEqual([16, 16]);
    runs.release();
    checks.release();
    await Promise.all([...scripts, ...checked]);
  });
});

test('what waits for the queue is counted by its bytes too', async () => {
  const { run, release } = rig();
  const transcript = Buffer.alloc(20 << 20);
  const jobs = many(68, () => run('a', { transcript }));
  // 4 run, and 64 of 8 places are the tenant's half of the 1,024 that wait.
  expect(await run('a', {})).toMatchObject({
    cause: {
      code: 'OVERLOADED',
      message:
        'All 512 places of this tenant to wait for a run are taken; large hooks take several.',
    },
  });
  const other = run('b', {});
  release();
  expect((await Promise.all([...jobs, other])).map(({ cause }) => cause.kind)).not.toContain(
    'fail-mode',
  );
});

test('in a pool of this process each job takes one place', async () => {
  const { run, count, release } = rig(64);
  const context = Buffer.alloc(1 << 20);
  const jobs = many(40, () => run('a', { context }));
  await settled();
  expect(count('a')).toBe(32);
  release();
  await Promise.all(jobs);
});

test('a job that waited for its turn has so much less of its budget', async () => {
  const budgets: number[] = [];
  const ends: (() => void)[] = [];
  const backend: Backend = {
    run: async (job, _, given) => {
      budgets.push(given?.budgetMs ?? Number.NaN);
      await new Promise<void>((resolve) => ends.push(resolve));
      return decide(job.dialect, job.hook, { ...emptyRun('exited', 1), exitCode: 0 });
    },
    runScript: () => Promise.reject(new Error('no script')),
    checkScript: async () => undefined,
    whyNotReady: async () => undefined,
    capacity: 1,
  };
  const fair = fairBackend(backend, 1, new TenantShares([]));
  const job = {
    dialect: findDialect('azure'),
    hook: sampleHook({}),
    tenant: 'a',
    isolation: 'tenant',
    transcript: undefined,
  } as const;
  const run = () =>
    fair.run({ ...job, context: Buffer.alloc(1) }, new AbortController().signal, call);
  const first = run();
  const second = run();
  await new Promise((resolve) => setTimeout(resolve, 60));
  ends[0]?.();
  await first;
  await settled();
  ends[1]?.();
  await second;
  expect(budgets[0]).toBeGreaterThan(990);
  expect(budgets[1]).toBeLessThan(950);
});

describe.each(['askTarget', 'askJudge'] as const)('requests for the queue by %s', (kind) => {
  test('wait for their turn as scripts do, in turns of their own', async () => {
    const { [kind]: ask, run, count, release } = rig();
    const asked = [...many(60, () => ask('a')), ...many(20, () => ask('b'))];
    await settled();
    expect([count('a'), count('b')]).toEqual([32, 20]);
    const scripts = many(5, () => run('a', {}));
    await settled();
    expect(count('a')).toBe(37);
    release();
    const results = await Promise.all([...asked, ...scripts]);
    expect(results.length).toBe(85);
  });

  test('take a place more for each 64 KiB', async () => {
    const { [kind]: ask, count, release } = rig();
    const asked = many(60, () => ask('a', placeBytes));
    await settled();
    expect(count('a')).toBe(16);
    release();
    await Promise.all(asked);
  });

  test('have no turns in one process, which holds nothing for them', async () => {
    const { [kind]: ask, count, release } = rig(64);
    const asked = many(60, () => ask('a'));
    await settled();
    expect(count('a')).toBe(60);
    release();
    await Promise.all(asked);
  });
});
