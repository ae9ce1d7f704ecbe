/**
 * The engine proxy before the real engine: a pool does all it must, a hostile worker nothing else.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { EngineProxy, type FailedCall } from '../../src/sandbox/engine-proxy/engine-proxy.ts';
import { examineEngine, probeLimits } from '../../src/sandbox/examine.ts';
import { imageName, readSeccompProfile } from '../../src/sandbox/image.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { reap } from '../../src/sandbox/reaper.ts';
import {
  containerSpec,
  defaultProfile,
  drawJobUid,
  ownerLabel,
  sandboxLabel,
} from '../../src/sandbox/spec.ts';
import { EngineRelay, engineAt } from '../support/engine-relay.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { ask, send } from '../support/raw-http.ts';
import { runScript, stdoutOf } from '../support/script.ts';

const direct = new Engine();
const docker = new Docker();
const { image = imageName(), ociRuntime } = readConfig();
const settings = {
  image,
  seccompProfile: readSeccompProfile(),
  profile: defaultProfile,
  runtime: ociRuntime,
};
const max = 6;

let folder = '';
let socket = '';
let relay: EngineRelay;
let proxy: EngineProxy;
let refused: FailedCall[];
const pools: Pool[] = [];

function pool(options = {}): Pool {
  const made = testPool({ engine: engineAt(socket), ...options });
  pools.push(made);
  return made;
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-proxy-'));
  socket = path.join(folder, 'engine.sock');
  refused = [];
  relay = await EngineRelay.open(folder);
  proxy = new EngineProxy({
    engine: engineAt(relay.socketPath),
    spec: settings,
    max,
    observe: (call) => void refused.push(call),
  });
  await proxy.listen(socket, 0o600);
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((one) => one.drain()));
  await proxy.close();
  await relay.close();
  rmSync(folder, { recursive: true });
});

const ownSpec = () =>
  containerSpec({ ...settings, jobUid: drawJobUid(), labels: { [ownerLabel]: 'test:1' } });
const attachUrl = (id: string) => `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Length': '0' };

describe('a pool behind the proxy', () => {
  test('runs hooks, and leaves nothing', async () => {
    const own = pool({ warm: 1 });
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
    expect(refused).toEqual([]);
  });

  test('finds every limit in force', async () => {
    const findings = await examineEngine(engineAt(socket), image, ociRuntime);
    findings.push(...(await probeLimits(pool(), defaultProfile)));
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
    expect(await reap(engineAt(socket), later)).toEqual([]);
    expect(await exists()).toBe(true);
    await vi.waitFor(async () => expect(await reap(engineAt(socket), later)).toEqual([id]), {
      timeout: 10_000,
      interval: 200,
    });
    expect(await exists()).toBe(false);
  });

  test('is told what is missing when the engine is away', async () => {
    await relay.close();
    await expect(engineAt(socket).info()).rejects.toMatchObject({ code: 'ENGINE_DOWN' });
    await expect(engineAt(socket).create(ownSpec())).rejects.toMatchObject({ code: 'ENGINE_DOWN' });
    relay = await EngineRelay.open(folder);
  });

  test('gets no more sandboxes than the proxy allows, until one is gone', async () => {
    const engine = engineAt(socket);
    const ids = await Promise.all(Array.from({ length: max }, () => engine.create(ownSpec())));
    await expect(engine.create(ownSpec())).rejects.toThrow('--max');
    // Removed behind the proxy's back, as AutoRemove does.
    await direct.remove(ids[0] ?? '');
    ids[0] = await engine.create(ownSpec());
    await Promise.all(ids.map((id) => engine.remove(id)));
  });
});

describe('a hostile worker', () => {
  const spec = (change: object) => JSON.stringify({ ...ownSpec(), ...change });
  const host = (change: object) => spec({ HostConfig: { ...ownSpec().HostConfig, ...change } });
  const create = '/containers/create';
  const some = 'a'.repeat(64);

  test.each<[string, string, string, string]>([
    ['makes a privileged container', 'POST', create, host({ Privileged: true })],
    ['mounts the disk of the host', 'POST', create, host({ Binds: ['/:/host'] })],
    [
      'mounts it the long way',
      'POST',
      create,
      host({ Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
    ],
    ['uses the network of the host', 'POST', create, host({ NetworkMode: 'host' })],
    ['uses the processes of the host', 'POST', create, host({ PidMode: 'host' })],
    ['adds a capability', 'POST', create, host({ CapAdd: ['SYS_ADMIN'] })],
    [
      'takes a device',
      'POST',
      create,
      host({ Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda' }] }),
    ],
    ['switches seccomp off', 'POST', create, host({ SecurityOpt: ['seccomp=unconfined'] })],
    ['runs another image', 'POST', create, spec({ Image: 'debian' })],
    ['runs another program', 'POST', create, spec({ Entrypoint: ['/bin/bash'] })],
    ['runs as root on jobs', 'POST', create, spec({ Cmd: ['0'] })],
    [
      'sets a label',
      'POST',
      create,
      spec({ Labels: { [sandboxLabel]: '1', [ownerLabel]: 'a:1', x: 'y' } }),
    ],
    [
      'hides a second HostConfig',
      'POST',
      create,
      spec({}).replace('{', '{"HostConfig":{"Privileged":true},'),
    ],
    [
      'sends a prototype',
      'POST',
      create,
      spec({}).replace('{', '{"__proto__":{"Privileged":true},'),
    ],
    [
      'sends the spec in the query',
      'POST',
      `${create}?HostConfig=%7B%22Privileged%22%3Atrue%7D`,
      spec({}),
    ],
    ['names its container', 'POST', `${create}?name=redis`, spec({})],
    ['sends no JSON', 'POST', create, 'Privileged'],
    ['sends too much', 'POST', create, `{"Image":"${'x'.repeat(300 * 1024)}"}`],
    ['lists all containers', 'GET', '/containers/json?all=true', ''],
    ['inspects a container', 'GET', `/containers/${some}/json`, ''],
    ['reads a file of a container', 'GET', `/containers/${some}/archive?path=/etc/shadow`, ''],
    ['writes into a container', 'PUT', `/containers/${some}/archive?path=/`, 'tar'],
    ['executes in a container', 'POST', `/containers/${some}/exec`, '{"Cmd":["sh"]}'],
    ['starts an exec', 'POST', `/exec/${some}/start`, '{}'],
    ['changes a container', 'POST', `/containers/${some}/update`, '{"Memory":0}'],
    ['starts with a HostConfig', 'POST', `/containers/${some}/start`, '{"Privileged":true}'],
    ['reads a log', 'GET', `/containers/${some}/logs?stdout=1`, ''],
    ['renames a container', 'POST', `/containers/${some}/rename?name=x`, ''],
    ['commits a container', 'POST', `/commit?container=${some}`, ''],
    ['exports a container', 'GET', `/containers/${some}/export`, ''],
    ['builds an image', 'POST', '/build', ''],
    ['pulls an image', 'POST', '/images/create?fromImage=debian', ''],
    ['removes the image', 'DELETE', `/images/${image}`, ''],
    ['looks at another image', 'GET', '/images/debian/json', ''],
    ['makes a volume', 'POST', '/volumes/create', '{}'],
    ['makes a swarm', 'POST', '/swarm/init', '{}'],
    ['watches events', 'GET', '/events', ''],
    ['walks up the path', 'POST', '/containers/../containers/create', spec({})],
    ['escapes the path', 'POST', '/containers/%63reate', spec({})],
    ['names the engine itself', 'POST', 'http://localhost/containers/create', spec({})],
  ])(
    '%s: refused with what is allowed, and the engine hears nothing of it',
    async (_, method, url, body) => {
      await ask(socket, 'GET', '/_ping');
      relay.asked.length = 0;
      // The id space of a user namespace is asked for once, before the first create.
      await ask(socket, 'POST', create, '{}');
      relay.asked.length = 0;
      refused.length = 0;
      const answer = await ask(socket, method, url, body);
      expect(answer).toMatchObject({
        status: expect.toSatisfy((status) => [403, 413].includes(status)),
      });
      expect(answer.message).toMatch(/permits|compact JSON|may have/);
      expect(relay.asked).toEqual([]);
      expect(refused).toEqual([
        { type: 'refused', method, path: url.slice(0, 200), reason: answer.message },
      ]);
    },
  );

  test.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a TLS greeting', '\u0016\u0003\u0001\u0002\u0000'],
    [
      'two lengths',
      'POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /info HTTP/1.1\r\n\r\n',
    ],
    [
      'a folded header',
      'POST /containers/create HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
    ],
    ['headers without end', `GET /info HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['a tunnel', 'CONNECT localhost:80 HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'an upgrade of create',
      'POST /containers/create HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n',
    ],
    [
      'a body behind an attach',
      `POST ${attachUrl(some)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 4\r\n\r\nGET `,
    ],
  ])('who sends %s is cut off, and the engine hears nothing of it', async (_, bytes) => {
    const answer = await send(socket, bytes);
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d .*"message".*)?$/s);
    expect(relay.asked).toEqual([]);
  });

  test.each([
    ['foreign', {}, 404],
    ['of another worker', { [sandboxLabel]: '1', [ownerLabel]: 'elsewhere:1' }, 403],
  ])('can do nothing to a container that is %s', async (_, labels, removal) => {
    const command = { Entrypoint: ['sleep'], Cmd: ['60'], HostConfig: { NetworkMode: 'none' } };
    const container = await docker.createContainer({ Image: image, ...command, Labels: labels });
    try {
      const { id } = container;
      await container.start();
      const tries: [string, string, object?][] = [
        ['POST', `/containers/${id}/start`],
        ['POST', attachUrl(id), upgrade],
        ['DELETE', `/containers/${id}?force=true&v=true`],
        ['GET', `/containers/${id}/json`],
        ['POST', `/containers/${id}/kill`],
      ];
      const answers = await Promise.all(
        tries.map(([method, url, headers]) => ask(socket, method, url, '', headers)),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404, removal, 403, 403]);
      expect((await container.inspect()).State.Status).toBe('running');
      const listed = await engineAt(socket).list(`${sandboxLabel}=1`);
      expect(listed.some((one) => one.id === id)).toBe('hookpool.sandbox' in labels);
    } finally {
      await container.remove({ force: true });
    }
  });

  test('holds no more connections than its sandboxes need', async () => {
    const allowed = 2 * max + 32;
    const open = new Set<net.Socket>();
    for (let count = 0; count < allowed + 3; count++) {
      const connection = net.connect(socket);
      open.add(connection);
      connection.on('close', () => open.delete(connection));
      connection.resume();
    }
    await vi.waitFor(() => expect(open.size).toBe(allowed));
    expect(refused.map(({ reason }) => reason)).toEqual(
      Array(3).fill('Too many connections at once.'),
    );
    for (const connection of open) connection.destroy();
    await vi.waitFor(async () =>
      expect(await ask(socket, 'GET', '/_ping')).toMatchObject({ status: 200 }),
    );
  });

  test('cannot listen in on a sandbox that is attached', async () => {
    const own = pool({ warm: 1 });
    await vi.waitFor(() => expect(own.stats().blank).toBe(1), { timeout: 10_000 });
    const [sandbox] = await ownSandboxes(direct, process.pid);
    expect(await ask(socket, 'POST', attachUrl(sandbox?.id ?? ''), '', upgrade)).toMatchObject({
      status: 404,
    });
    expect(stdoutOf(await runScript(own, 'bash', 'echo alive'))).toBe('alive\n');
  });
});

describe('when something breaks', () => {
  test('the end of the stream on the side of the worker ends the container', async () => {
    const engine = engineAt(socket);
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
    const own = pool();
    await runScript(own, 'bash', 'true');
    relay.freeze();
    const hanging = ask(socket, 'GET', '/info').catch((error: Error) => error.message);
    expect(stdoutOf(await runScript(own, 'bash', 'echo on'))).toBe('on\n');
    expect(await ask(socket, 'GET', '/events')).toMatchObject({ status: 403 });
    const started = performance.now();
    await proxy.close();
    expect(performance.now() - started).toBeLessThan(7_000);
    expect(await hanging).toContain('hang up');
    await vi.waitFor(async () => expect(await ownSandboxes(direct, process.pid)).toEqual([]), {
      timeout: 5_000,
    });
  });

  test('closing the proxy ends its sandboxes, also one that was never started', async () => {
    const unstarted = await engineAt(socket).create(ownSpec());
    const own = pool({ warm: 1 });
    await vi.waitFor(() => expect(own.stats().blank).toBe(1), { timeout: 10_000 });
    const [sandbox] = await ownSandboxes(direct, process.pid);
    await proxy.close();
    const left = (await direct.list(`${sandboxLabel}=1`)).map(({ id }) => id);
    expect(left).not.toContain(unstarted);
    expect(left).not.toContain(sandbox?.id);
  });
});
