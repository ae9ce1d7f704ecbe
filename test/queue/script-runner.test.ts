/** What a call of a script comes to, with a line that only answers what the test says. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultRunLimits, type ScriptRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { failed } from '../../src/queue/outcome.ts';
import { QueueRunner } from '../../src/queue/queue-runner.ts';
import { toResultMessage } from '../../src/wire/result-message.ts';
import { toRunResultMessage } from '../../src/wire/run-message.ts';
import { exited } from '../protocol/samples.ts';
import { never, sampleJob } from '../support/queue-job.ts';
import { FakeLine } from './fake-line.ts';

const line = new FakeLine();

vi.mock('../../src/queue/queue-client.ts', () => ({
  get QueueClient() {
    return line.client();
  },
}));

const job = sampleJob();
const good = () => ({
  returned: toResultMessage(job, decide(job.dialect, job.hook, exited(2, '', 'no'))),
});
const script: ScriptRun = {
  tenant: 'a',
  isolation: 'tenant',
  request: {
    runtime: 'bash',
    script: Buffer.from('exit 0'),
    stdin: Buffer.from(''),
    limits: defaultRunLimits,
  },
};
const goodRun = () => ({
  returned: toRunResultMessage({ run: exited(3), leaseMs: 1, ranIn: { container: 'c' } }),
});

let runner: QueueRunner;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(line, new FakeLine());
  runner = new QueueRunner({ redis: { url: 'redis://unused' } });
});

afterEach(() => void vi.useRealTimers());

describe('a script', () => {
  it('that a worker ran has its facts', async () => {
    line.outcomes = [goodRun];
    expect(await runner.runScript(script, never)).toMatchObject({
      run: { exitCode: 3 },
      ranIn: { container: 'c' },
    });
    expect(line.sent[0]).toMatchObject({ name: 'run', priority: 'normal' });
  });

  it('sent twice is run twice: it belongs to no evaluation', async () => {
    line.outcomes = [goodRun];
    for (let n = 0; n < 2; n++) await runner.runScript(script, never);
    expect(line.sent[0]?.id).not.toBe(line.sent[1]?.id);
  });

  it('has no failMode: what left it without a run is thrown, after a second attempt where that may help', async () => {
    line.outcomes = [() => failed('WORKER_LOST', 'gone')];
    await expect(runner.runScript(script, never)).rejects.toMatchObject({
      code: 'WORKER_LOST',
      message: 'gone',
    });
    expect(line.sent.map(({ apart }) => apart)).toEqual([false, true]);
  });

  it('of which a worker returns no facts is an error', async () => {
    line.outcomes = [good];
    await expect(runner.runScript(script, never)).rejects.toThrow('no result of this version');
  });
});
