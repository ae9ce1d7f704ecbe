/** What a worker and a server refuse before anything is opened, and what a worker loads. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Arguments, type Io } from '../../src/cli/command.ts';
import { executorOf, queuedProjects } from '../../src/cli/outbound-worker.ts';
import { serveCommand } from '../../src/cli/serve.ts';
import { workerCommand } from '../../src/cli/worker.ts';
import { tracedEnds } from '../../src/cli/worker-life.ts';
import type { Job } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import type { JobEnd } from '../../src/queue/task-runner.ts';
import { httpJob } from '../support/http-job.ts';
import { judgeJob } from '../support/judge-job.ts';

const unused = new Proxy({} as Io, { get: (_, name) => expect.unreachable(String(name)) });
const io = { ...unused, stopSignal: () => new AbortController().signal };
const files = ['HOOKPOOL_TARGETS_FILE', 'HOOKPOOL_JUDGES_FILE'] as const;
const variables = [...files, 'HOOKPOOL_REDIS_URL', 'HOOKPOOL_QUEUE'] as const;

afterEach(() => {
  for (const name of variables) delete process.env[name];
});

const set = (env: Partial<Record<(typeof variables)[number], string>>) =>
  Object.assign(process.env, env);
const work = (values: object) => workerCommand.run(new Arguments({ ...values }, []), io);

describe.each(files)('%s is refused, and told where it belongs, by', (name) => {
  const refused = {
    code: 'INVALID_CONFIG',
    message: expect.stringMatching(
      new RegExp(`^${name}: .*Set it for \`hookpool worker --outbound\` and not here`),
    ),
  };

  it('a server with Redis', async () => {
    set({ [name]: '/x', HOOKPOOL_REDIS_URL: 'redis://127.0.0.1:1' });
    await expect(serveCommand.run(new Arguments({}, []), io)).rejects.toMatchObject(refused);
  });

  it('a worker with sandboxes', async () => {
    set({ [name]: '/x' });
    await expect(work({})).rejects.toMatchObject(refused);
  });
});

describe('an outbound worker gives', () => {
  const call = { evaluationId: 'e', priority: 'normal', budgetMs: 1_000 } as const;
  const never = new AbortController().signal;
  const ran = (name: string) => async (job: Job) => ({
    ...decide(job.dialect, job.hook, { code: 'DEADLINE', message: '' }),
    reason: name,
  });

  it('each hook to the runner of its kind', async () => {
    const execute = executorOf({ http: ran('http'), judge: ran('judge') });
    expect(await execute(httpJob(), never, call)).toMatchObject({ reason: 'http' });
    expect(await execute(judgeJob(), never, call)).toMatchObject({ reason: 'judge' });
  });

  it('its failMode to a hook of a kind for which it has no file, and names the file', async () => {
    const execute = executorOf({ http: undefined, judge: undefined });
    for (const [job, file] of [
      [httpJob(), 'HOOKPOOL_TARGETS_FILE'],
      [judgeJob(), 'HOOKPOOL_JUDGES_FILE'],
    ] as const)
      expect(await execute(job, never, call)).toMatchObject({
        decision: 'block',
        cause: { code: 'HOOK_TYPE_UNSUPPORTED', message: expect.stringContaining(file) },
      });
  });
});

describe('an outbound worker refuses', () => {
  it('to start without a targets file and a judges file', async () => {
    await expect(work({ outbound: true })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining(
        'HOOKPOOL_TARGETS_FILE is not set, nor HOOKPOOL_JUDGES_FILE',
      ),
    });
  });

  it.each([{ workspace: ['/tmp'] }, { 'allow-weak-limits': true }])('%j', async (values) => {
    await expect(work({ outbound: true, ...values })).rejects.toMatchObject({
      code: 'INVALID_USAGE',
      message: expect.stringContaining('is for workers with sandboxes'),
    });
  });

  it.each([
    [{ concurrency: '257' }, '--concurrency'],
    [{ concurrency: '4', 'tenant-cap': '5' }, '--tenant-cap'],
  ])('%j', async (values, name) => {
    await expect(work({ outbound: true, ...values })).rejects.toMatchObject({
      code: 'INVALID_USAGE',
      message: expect.stringContaining(name),
    });
  });
});

it('a worker with sandboxes refuses to take the queue of outbound workers', async () => {
  set({ HOOKPOOL_QUEUE: 'hooks-outbound' });
  await expect(work({})).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringContaining('must not end with "-outbound"'),
  });
});

/** Packages and files of src that are loaded with a file, without those that it loads later. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !existsSync(file)) return seen.add(file);
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, what = '', place = ''] of text.matchAll(/^import (?!type )([^;]*?)'([^']+)';/gm)) {
    const isOfTypes = /^\{(\s*type \w+,?)+\s*\} from $/.test(what);
    if (!isOfTypes) loadedWith(place.startsWith('.') ? path.join(file, '..', place) : place, seen);
  }
  return seen;
}

it('an outbound worker loads nothing that speaks to an engine', () => {
  const cli = path.join(import.meta.dirname, '../../src/cli');
  const loaded = (name: string) => loadedWith(path.join(cli, name));
  const engine = [path.join(cli, '../sandbox/engine.ts'), 'dockerode'];
  const outbound = [...loaded('worker.ts'), ...loaded('outbound-worker.ts')];
  expect(outbound.filter((one) => engine.includes(one))).toEqual([]);
  expect(outbound).toContain('bullmq');
  expect([...loaded('sandbox-worker.ts')]).toEqual(expect.arrayContaining(engine));
});

describe('the tools of a queued judge have', () => {
  const projects = (...abouts: (string | undefined)[]) => queuedProjects(() => abouts);

  it('the project of the event where a worker with sandboxes may read folders', async () => {
    const projectOf = projects(undefined, '{"workspaces":false}', '{"workspaces":true}');
    expect(await projectOf?.('/src/app')).toEqual({ cwd: '/src/app' });
    for (const cwd of [undefined, ''])
      expect(await projectOf?.(cwd)).toMatchObject({
        missing: expect.stringContaining('names no folder'),
        isNamed: false,
      });
  });

  it('none where no worker says so', async () => {
    for (const about of [undefined, '{', '{"workspaces":false}', '{"judges":[]}'])
      expect(await projects(about)?.('/src/app')).toBeUndefined();
    expect(await projects()?.('/src/app')).toBeUndefined();
  });
});

it('a worker tells of a job that belongs to a trace, and counts every one', () => {
  const said: string[] = [];
  const counted: JobEnd[] = [];
  const ended = tracedEnds({ err: (text) => said.push(text) }, (end) => counted.push(end));
  ended({ end: 'done', queueMs: 1 });
  ended({ end: 'failed', queueMs: 2.4, traceId: 'a1' });
  expect(counted.length).toBe(2);
  expect(said).toEqual(['hookpool: job of trace a1: failed, after 2 ms in the queue\n']);
});
