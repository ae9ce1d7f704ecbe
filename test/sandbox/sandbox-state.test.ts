import { describe, expect, test } from 'vitest';
import { defaultRunLimits, type RunRequest } from '../../src/protocol/run.ts';
import type { ContainerSpec } from '../../src/sandbox/container-spec.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { FakeEngine, type Script, wellBehaved } from '../support/fake-engine.ts';
import { packOf } from '../support/state-packs.ts';
import { donePayload, statePayload, supervisorFrame } from '../support/supervisor-frames.ts';

const request: RunRequest = {
  runtime: 'bash',
  script: Buffer.from('true'),
  stdin: Buffer.from('{}'),
  limits: defaultRunLimits,
};

async function open(script: Script): Promise<{ engine: FakeEngine; sandbox: Sandbox }> {
  const engine = new FakeEngine(script);
  return { engine, sandbox: await Sandbox.create(engine, {} as ContainerSpec, 1234) };
}

/** Answers a job in its own way and everything else well. */
function onJob(answer: Script): Script {
  return (frame, actor) => (frame.type === 'J' ? answer(frame, actor) : wellBehaved(frame, actor));
}

describe('a sandbox whose job has a state', () => {
  const pack = packOf([{ path: 'n', content: '1' }]);
  const S = (nonce: Uint8Array, payload = statePayload({ pack })) =>
    supervisorFrame('S', nonce, payload);
  const D = (nonce: Uint8Array, status = 0) =>
    supervisorFrame('D', nonce, donePayload(status === 0 ? {} : { status, exitCode: 1 }));
  const stateful = { ...request, state: new Uint8Array(0) };
  const answering = (...frames: ((nonce: Buffer) => Buffer)[]) =>
    onJob((frame, actor) =>
      actor.send(
        Buffer.concat([
          ...frames.map((make) => make(frame.nonce)),
          supervisorFrame('R', frame.nonce),
        ]),
      ),
    );

  test('gives what the run left, and is used again', async () => {
    const { sandbox } = await open(
      answering(
        (nonce) => S(nonce),
        (nonce) => D(nonce),
      ),
    );
    for (let job = 0; job < 2; job++) {
      expect((await sandbox.run(stateful)).state).toEqual({ pack, leftOut: 0 });
      expect(await sandbox.ready()).toBe(true);
    }
    await sandbox.destroy();
  });

  test.each<[string, RunRequest, ((nonce: Buffer) => Buffer)[]]>([
    ['sends none', stateful, [(nonce) => D(nonce)]],
    ['sends two', stateful, [(nonce) => S(nonce), (nonce) => S(nonce), (nonce) => D(nonce)]],
    ['sends one to a job without', request, [(nonce) => S(nonce), (nonce) => D(nonce)]],
    ['sends one of another job', stateful, [() => S(Buffer.alloc(16, 9)), (nonce) => D(nonce)]],
    ['sends one and a timeout', stateful, [(nonce) => S(nonce), (nonce) => D(nonce, 2)]],
    [
      'sends more than there can be',
      stateful,
      [(nonce) => S(nonce, Buffer.alloc(3 << 20)), (nonce) => D(nonce)],
    ],
    [
      'sends a path that leads out',
      stateful,
      [
        (nonce) => S(nonce, statePayload({ pack: packOf([{ path: '/etc/x', content: '' }]) })),
        (nonce) => D(nonce),
      ],
    ],
  ])('a supervisor that %s costs one container', async (_, asked, frames) => {
    const { engine, sandbox } = await open(answering(...frames));
    await expect(sandbox.run(asked)).rejects.toMatchObject({ retryable: true });
    expect(sandbox.state).toBe('gone');
    expect(engine.calls.filter((call) => call === 'remove')).toHaveLength(1);
  });

  test('one after DONE is no READY', async () => {
    const { sandbox } = await open(
      answering(
        (nonce) => S(nonce),
        (nonce) => D(nonce),
        (nonce) => S(nonce),
      ),
    );
    expect((await sandbox.run(stateful)).exitCode).toBe(0);
    expect(await sandbox.ready()).toBe(false);
  });
});
