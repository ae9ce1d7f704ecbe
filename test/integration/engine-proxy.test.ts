import { describe, expect, test, vi } from 'vitest';
import { examineEngine, probeLimits } from '../../src/sandbox/examine.ts';
import { reap } from '../../src/sandbox/reaper.ts';
import { defaultLimits, ownerLabel, sandboxLabel } from '../../src/sandbox/spec.ts';
import { EngineRelay, engineAt } from '../support/engine-relay.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { ask } from '../support/raw-http.ts';
import { runScript, stdoutOf } from '../support/script.ts';
import { direct, docker, image, max, ociRuntime, ownSpec, useProxy } from './proxy-rig.ts';

const rig = useProxy();

describe('a pool behind the proxy', () => {
  test('runs hooks, and leaves nothing', async () => {
    const own = rig.pool({ warm: 1 });
    const runs = await Promise.all([
      runScript(own, 'bash', 'cat; exit 2', { stdin: 'context', tenant: 'a' }),
      runScript(own, 'python3', 'print("x" * 900_000)', { tenant: 'b' }),
      runScript(own, 'bash', 'cat /job/transcript.txt', {
        transcript: 't'.repeat(700_000),
        tenant: 'c',
        isolation: 'job',
      }),
    ]);
    expect(runs.map((run) => [run.status, run.exitCode, stdoutOf(run).length])).toEqual([
      ['exited', 2, 7],
      ['exited', 0, 900_001],
      ['exited', 0, 700_000],
    ]);
    await own.drain();
    expect(await ownSandboxes(direct, process.pid)).toEqual([]);
    expect(rig.refused).toEqual([]);
  });

  test('finds every limit in force', async () => {
    const findings = await examineEngine(engineAt(rig.socket), image, ociRuntime);
    findings.push(...(await probeLimits(rig.pool(), defaultLimits)));
    expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['engine', 'image', 'runtime', 'memory', 'network']),
    );
  });

  test('reaps what another worker created and never started', async () => {
    const labels = { [sandboxLabel]: '1', [ownerLabel]: 'elsewhere:1' };
    const { id } = await docker.createContainer({ Image: image, Cmd: ['1000'], Labels: labels });
    const exists = async () =>
      (await direct.list(`${sandboxLabel}=1`)).some((one) => one.id === id);
    const later = Date.now() + 120_000;
    // The proxy has a clock of its own, and lets it live for two seconds.
    expect(await reap(engineAt(rig.socket), later)).toEqual([]);
    expect(await exists()).toBe(true);
    // A removal that the engine finishes after its call's time is told by nobody: the list tells it.
    await vi.waitFor(
      async () => {
        await reap(engineAt(rig.socket), later);
        expect(await exists()).toBe(false);
      },
      { timeout: 10_000, interval: 200 },
    );
  });

  test('is told what is missing when the engine is away', async () => {
    await rig.relay.close();
    await expect(engineAt(rig.socket).info()).rejects.toMatchObject({ code: 'ENGINE_DOWN' });
    await expect(engineAt(rig.socket).create(ownSpec())).rejects.toMatchObject({
      code: 'ENGINE_DOWN',
    });
    rig.relay = await EngineRelay.open(rig.folder);
  });

  test('gets no more sandboxes than the proxy allows, until one is gone', async () => {
    const engine = engineAt(rig.socket);
    const ids = await Promise.all(Array.from({ length: max }, () => engine.create(ownSpec())));
    await expect(engine.create(ownSpec())).rejects.toThrow('--max');
    // Removed behind the proxy's back, as AutoRemove does.
    await direct.remove(ids[0] ?? '');
    ids[0] = await engine.create(ownSpec());
    await Promise.all(ids.map((id) => engine.remove(id)));
  });
});

describe('when something breaks', () => {
  test('the end of the stream on the side of the worker ends the container', async () => {
    const engine = engineAt(rig.socket);
    const id = await engine.create(ownSpec());
    const stream = await engine.attach(id);
    await engine.start(id);
    stream.end();
    stream.resume();
    await vi.waitFor(
      async () =>
        expect((await direct.list(`${sandboxLabel}=1`)).map((one) => one.id)).not.toContain(id),
      {
        timeout: 5_000,
      },
    );
  });

  test('an engine that freezes holds up neither running sandboxes nor refusals nor the end', async () => {
    const own = rig.pool();
    await runScript(own, 'bash', 'true');
    rig.relay.freeze();
    const hanging = ask(rig.socket, 'GET', '/info').catch((error: Error) => error.message);
    expect(stdoutOf(await runScript(own, 'bash', 'echo on'))).toBe('on\n');
    expect(await ask(rig.socket, 'GET', '/events')).toMatchObject({ status: 403 });
    const started = performance.now();
    await rig.proxy.close();
    expect(performance.now() - started).toBeLessThan(7_000);
    expect(await hanging).toContain('hang up');
    await vi.waitFor(async () => expect(await ownSandboxes(direct, process.pid)).toEqual([]), {
      timeout: 5_000,
    });
  });

  test('closing the proxy ends its sandboxes, also one that was never started', async () => {
    const unstarted = await engineAt(rig.socket).create(ownSpec());
    const own = rig.pool({ warm: 1 });
    await vi.waitFor(() => expect(own.stats().blank).toBe(1), { timeout: 10_000 });
    const [sandbox] = await ownSandboxes(direct, process.pid);
    await rig.proxy.close();
    const left = (await direct.list(`${sandboxLabel}=1`)).map(({ id }) => id);
    expect(left).not.toContain(unstarted);
    expect(left).not.toContain(sandbox?.id);
  });
});
