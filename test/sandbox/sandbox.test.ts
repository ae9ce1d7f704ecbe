import { describe, expect, test, vi } from 'vitest';
import { defaultRunLimits, type RunRequest } from '../../src/protocol/run.ts';
import type { ContainerSpec } from '../../src/sandbox/container-spec.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { FakeEngine, type Script, wellBehaved } from '../support/fake-engine.ts';
import { donePayload, supervisorFrame } from '../support/supervisor-frames.ts';

const request: RunRequest = {
  runtime: 'bash',
  script: Buffer.from('true'),
  stdin: Buffer.from('{}'),
  limits: defaultRunLimits,
};
const spec = {} as ContainerSpec;

async function open(script: Script): Promise<{ engine: FakeEngine; sandbox: Sandbox }> {
  const engine = new FakeEngine(script);
  return { engine, sandbox: await Sandbox.create(engine, spec, 1234) };
}

/** Answers a job in its own way and everything else well. */
function onJob(answer: Script): Script {
  return (frame, actor) => (frame.type === 'J' ? answer(frame, actor) : wellBehaved(frame, actor));
}

describe('a sandbox', () => {
  test('is attached before it is started, so that no early output is lost', async () => {
    const { engine, sandbox } = await open(wellBehaved);
    expect(engine.calls).toEqual(['create', 'attach', 'start']);
    await sandbox.destroy();
    expect(engine.calls).toEqual(['create', 'attach', 'start', 'remove']);
  });

  test('greets first and is idle after READY, after a job, and after the next', async () => {
    const { engine, sandbox } = await open(wellBehaved);
    for (let job = 1; job <= 3; job++) {
      expect(sandbox.state).toBe('idle');
      expect(await sandbox.run(request)).toMatchObject({ status: 'exited', exitCode: 0 });
      expect(await sandbox.ready()).toBe(true);
      expect(sandbox.jobs).toBe(job);
    }
    expect(engine.frames.map((frame) => frame.type).join('')).toBe('HJJJ');
    await sandbox.destroy();
  });

  test('that was created is removed again when it does not greet as it must', async () => {
    const engine = new FakeEngine((frame, actor) =>
      actor.send(supervisorFrame('D', frame.nonce, donePayload())),
    );
    await expect(Sandbox.create(engine, spec, 1)).rejects.toMatchObject({ code: 'BAD_FRAME' });
    expect(engine.calls.at(-1)).toBe('remove');
  });

  test('whose supervisor is of another version is removed, and the error names both versions and what to do', async () => {
    const engine = new FakeEngine((frame, actor) =>
      actor.send(supervisorFrame('R', frame.nonce, Buffer.from('version=7\n'))),
    );
    const opening = Sandbox.create(engine, spec, 1);
    await expect(opening).rejects.toMatchObject({ code: 'IMAGE_MISMATCH', retryable: true });
    await expect(opening).rejects.toThrow(
      /version 7 .*version 3: .*hookpool image --build.*HOOKPOOL_IMAGE/,
    );
    expect(engine.calls.at(-1)).toBe('remove');
  });

  test.each<[string, Script]>([
    [
      'answers with another nonce',
      (_, actor) => actor.send(supervisorFrame('D', Buffer.alloc(16), donePayload())),
    ],
    [
      'answers with garbage',
      (_, actor) => actor.send(Buffer.from('garbage that is no frame at all')),
    ],
    ['breaks the multiplexed stream', (_, actor) => actor.sendRaw(Buffer.from('HTTP/1.1 200 OK'))],
    [
      'lies about lengths',
      (frame, actor) =>
        actor.send(supervisorFrame('D', frame.nonce, donePayload({ stdout: 'a', stdoutTotal: 9 }))),
    ],
    [
      'floods',
      (frame, actor) => actor.send(supervisorFrame('D', frame.nonce, Buffer.alloc(3 << 20))),
    ],
    [
      'says READY in place of DONE',
      (frame, actor) => actor.send(supervisorFrame('R', frame.nonce)),
    ],
    [
      'answers twice',
      (frame, actor) =>
        actor.send(
          Buffer.concat([supervisorFrame('P', frame.nonce), supervisorFrame('P', frame.nonce)]),
        ),
    ],
    [
      'reports a fault',
      (frame, actor) =>
        actor.send(supervisorFrame('E', frame.nonce, Buffer.from('the zygote died'))),
    ],
    ['closes its stream', (_, actor) => actor.close()],
  ])(
    'whose supervisor %s costs one container and says nothing about the script',
    async (_, answer) => {
      const { engine, sandbox } = await open(onJob(answer));
      await expect(sandbox.run(request)).rejects.toMatchObject({ retryable: true });
      expect(sandbox.state).toBe('gone');
      expect(await sandbox.ready()).toBe(false);
      expect(engine.calls.filter((call) => call === 'remove')).toHaveLength(1);
    },
  );

  test('takes DONE and READY in one packet, byte by byte, or apart', async () => {
    for (const size of [1, 7, 1000]) {
      const { sandbox } = await open(
        onJob((frame, actor) => {
          const bytes = Buffer.concat([
            supervisorFrame('D', frame.nonce, donePayload({ stdout: 'hi' })),
            supervisorFrame('R', frame.nonce),
          ]);
          for (let at = 0; at < bytes.length; at += size) actor.send(bytes.subarray(at, at + size));
        }),
      );
      expect(Buffer.from((await sandbox.run(request)).stdout).toString()).toBe('hi');
      expect(await sandbox.ready()).toBe(true);
      await sandbox.destroy();
    }
  });

  test('whose reset failed is not clean, and the result of its job stands', async () => {
    const { sandbox } = await open(
      onJob((frame, actor) =>
        actor.send(
          Buffer.concat([
            supervisorFrame('D', frame.nonce, donePayload({ exitCode: 2 })),
            supervisorFrame('X', frame.nonce, Buffer.from('a file is left')),
          ]),
        ),
      ),
    );
    expect(await sandbox.run(request)).toMatchObject({ exitCode: 2 });
    expect(await sandbox.ready()).toBe(false);
    expect(sandbox.state).toBe('gone');
  });

  test.each([
    [2, 'timed-out'],
    [1, 'signaled'],
    [3, 'out-of-memory'],
    [4, 'output-limit'],
    [5, 'cancelled'],
  ])('is never used again after status %d (%s)', async (status, word) => {
    const done = { status, exitCode: 0xffffffff, signal: 9 };
    const { sandbox } = await open(
      onJob((frame, actor) => actor.send(supervisorFrame('D', frame.nonce, donePayload(done)))),
    );
    expect(await sandbox.run(request)).toMatchObject({ status: word });
    expect(sandbox.state).toBe('gone');
    await expect(sandbox.run(request)).rejects.toMatchObject({ code: 'SANDBOX_LOST' });
  });

  test('whose supervisor never answers is ended by the host timer, as timed-out', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { sandbox } = await open(onJob(() => undefined));
      const running = sandbox.run({ ...request, limits: { ...defaultRunLimits, timeoutMs: 1000 } });
      await vi.advanceTimersByTimeAsync(1499);
      expect(sandbox.state).toBe('running');
      await vi.advanceTimersByTimeAsync(2);
      expect(await running).toMatchObject({ status: 'timed-out', exitCode: null });
      expect(sandbox.state).toBe('gone');
    } finally {
      vi.useRealTimers();
    }
  });

  test('sends a cancellation and takes the answer', async () => {
    const { engine, sandbox } = await open((frame, actor) => {
      if (frame.type === 'C')
        actor.send(
          supervisorFrame(
            'D',
            frame.nonce,
            donePayload({ status: 5, exitCode: 0xffffffff, signal: 9 }),
          ),
        );
      else if (frame.type !== 'J') wellBehaved(frame, actor);
    });
    const controller = new AbortController();
    const running = sandbox.run(request, controller.signal);
    controller.abort();
    expect(await running).toMatchObject({ status: 'cancelled' });
    expect(engine.frames.map((frame) => frame.type).join('')).toBe('HJC');
  });

  test('answers a ping, and is given up when it does not', async () => {
    let mute = false;
    const { sandbox } = await open((frame, actor) => void (mute || wellBehaved(frame, actor)));
    const turns = async () => {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    sandbox.ping();
    await turns();
    sandbox.ping();
    await turns();
    expect(sandbox.state).toBe('idle');
    mute = true;
    sandbox.ping();
    await turns();
    sandbox.ping();
    expect(sandbox.state).toBe('gone');
  });

  test('tells once that it is gone', async () => {
    const { sandbox } = await open(wellBehaved);
    const causes: Error[] = [];
    sandbox.onGone((cause) => void causes.push(cause));
    await Promise.all([sandbox.destroy(), sandbox.destroy()]);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({ code: 'SANDBOX_LOST' });
  });
});
