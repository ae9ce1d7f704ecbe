/** Which settings of a worker and of a server are refused, before anything is opened. */
import { afterEach, describe, expect, it } from 'vitest';
import { Arguments, type Io } from '../../src/cli/command.ts';
import { serveCommand } from '../../src/cli/serve.ts';
import { workerCommand } from '../../src/cli/worker.ts';

const unused = new Proxy({} as Io, { get: (_, name) => expect.unreachable(String(name)) });
const io = { ...unused, stopSignal: () => new AbortController().signal };
const variables = ['HOOKPOOL_TARGETS_FILE', 'HOOKPOOL_REDIS_URL', 'HOOKPOOL_QUEUE'] as const;

afterEach(() => {
  for (const name of variables) delete process.env[name];
});

const set = (env: Partial<Record<(typeof variables)[number], string>>) =>
  Object.assign(process.env, env);
const work = (values: object) => workerCommand.run(new Arguments({ ...values }, []), io);

describe('a targets file is refused, and told where it belongs, by', () => {
  const refused = {
    code: 'INVALID_CONFIG',
    message: expect.stringContaining('Set it for `hookpool worker --outbound` and not here'),
  };

  it('a server with Redis', async () => {
    set({ HOOKPOOL_TARGETS_FILE: '/x', HOOKPOOL_REDIS_URL: 'redis://127.0.0.1:1' });
    await expect(serveCommand.run(new Arguments({}, []), io)).rejects.toMatchObject(refused);
  });

  it('a worker with sandboxes', async () => {
    set({ HOOKPOOL_TARGETS_FILE: '/x' });
    await expect(work({})).rejects.toMatchObject(refused);
  });
});

describe('an outbound worker refuses', () => {
  it('to start without a targets file', async () => {
    await expect(work({ outbound: true })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining('HOOKPOOL_TARGETS_FILE is not set'),
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

it('the queue of outbound workers is none for others', async () => {
  set({ HOOKPOOL_QUEUE: 'hooks-outbound' });
  await expect(work({})).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringContaining('must not end with "-outbound"'),
  });
});
