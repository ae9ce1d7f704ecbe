/** A guard that may be innocent gets its run, whatever is in quarantine beside it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandJob } from '../../src/protocol/job.ts';
import { readRoster } from '../../src/queue/heartbeat.ts';
import { permitTrial } from '../../src/queue/trial.ts';
import { recordKey, scriptNameOf, trialKey } from '../../src/redis/keys.ts';
import { loseWorkers } from '../support/lost-workers.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

const queue = 'hooks';
let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

const nameOf = (source: string, tenant = 'test') =>
  scriptNameOf(tenant, { runtime: 'bash', source });

/**
 * A worker that has heard which scripts are in quarantine. @returns the isolation of each of its
 * runs, by hook
 */
async function knowingWorker(): Promise<[string, string][]> {
  const runs: [string, string][] = [];
  const execute = (job: CommandJob) => {
    runs.push([job.hook.name, job.isolation]);
    return playScript(job);
  };
  rig.worker({ execute });
  await rig.redis.use((client) =>
    vi.waitFor(async () => expect((await readRoster(client, queue)).workers.size).toBe(1), {
      timeout: 3_000,
      interval: 10,
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  return runs;
}

describe('a guard that may be innocent is never answered without a run', () => {
  const guard = bashHook('reason: caught', { name: 'guard', failMode: 'allow' });
  const name = nameOf('reason: caught', 'b');
  const answerOfB = async (deadlineMs: number) => {
    const { decision } = await ask(await rig.runner(), guard, deadlineMs, 'b');
    return [decision.decision, decision.reason];
  };

  test('after workers were lost beside it, each time with another script', async () => {
    await loseWorkers(rig.redis, ['one', name], ['two', name], ['three', name]);
    const runs = await knowingWorker();
    expect(await answerOfB(3_000)).toEqual(['block', 'caught']);
    expect(runs.at(-1)).toEqual(['guard', 'job']);
  });

  test('while another script of its tenant is tried for longer than it has time', async () => {
    await loseWorkers(rig.redis, [name]);
    await rig.redis.use((client) => client.set(trialKey(queue, 'b'), 'other', 'PX', 60_000));
    const runs = await knowingWorker();
    expect(await answerOfB(3_000)).toEqual(['block', 'caught']);
    expect(runs.at(-1)).toEqual(['guard', 'job']);
  });

  test('after one loss alone, while its trial goes on elsewhere', async () => {
    await loseWorkers(rig.redis, [name]);
    await rig.redis.use((client) => permitTrial(client, queue, { tenant: 'b', script: name }));
    const runs = await knowingWorker();
    expect(await answerOfB(3_000)).toEqual(['block', 'caught']);
    expect(runs.at(-1)).toEqual(['guard', 'job']);
  });

  test('while another tenant is tried on the only worker for longer than it has time', async () => {
    const slow = 'sleep 8000';
    await loseWorkers(rig.redis, [nameOf(slow, 'a')], [name]);
    const runs = await knowingWorker();
    const runner = await rig.runner();
    const other = ask(runner, bashHook(slow), 10_000, 'a');
    await vi.waitFor(
      async () => expect(await rig.redis.use((c) => c.exists(trialKey(queue, 'a')))).toBe(1),
      { timeout: 3_000 },
    );
    expect(await answerOfB(3_000)).toEqual(['block', 'caught']);
    expect(runs.at(-1)).toEqual(['guard', 'job']);
    await other;
  });
});

describe('a tenant with a flood of proven scripts', () => {
  test('waits with 8 of them at a worker, gets QUARANTINED for the others, and keeps no other tenant from its trial', async () => {
    const sources = Array.from({ length: 20 }, (_, n) => `sleep 700\n# ${n}`);
    const proven = [...sources.map((source) => nameOf(source, 'a')), nameOf('reason: caught', 'b')];
    await loseWorkers(rig.redis, ...proven.map((one) => [one]), ...proven.map((one) => [one]));
    await rig.redis.use(async (client) => {
      for (const one of proven) await client.hset(recordKey(queue, one), 'trialFrom', 1);
    });
    await knowingWorker();
    const runner = await rig.runner();
    const flood = sources.map((source) => ask(runner, bashHook(source), 12_000, 'a'));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const answer = await ask(runner, bashHook('reason: caught', { failMode: 'allow' }), 5_000, 'b');
    expect(answer.decision.reason).toBe('caught');
    const answers = await Promise.all(flood);
    const refused = answers.filter((one) => codeOf(one) === 'QUARANTINED');
    const passed = answers.filter((one) => codeOf(one) === undefined);
    expect(passed.length).toBeGreaterThanOrEqual(2);
    // At the end of their time 8 wait and one more is in its trial, however late the jobs come.
    expect(answers.length - refused.length - passed.length).toBeLessThanOrEqual(9);
    const crowdedOut = refused.filter(({ decision }) =>
      JSON.stringify(decision.results[0]?.cause).includes('too many jobs that wait'),
    );
    expect(crowdedOut.length).toBeGreaterThanOrEqual(5);
  });
});
