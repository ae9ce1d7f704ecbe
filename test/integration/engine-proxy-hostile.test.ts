import net from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { ownerLabel, sandboxLabel } from '../../src/sandbox/spec.ts';
import { engineAt } from '../support/engine-relay.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { ask, send } from '../support/raw-http.ts';
import { runScript, stdoutOf } from '../support/script.ts';
import { attachUrl, direct, docker, image, max, ownSpec, upgrade, useProxy } from './proxy-rig.ts';

const rig = useProxy();

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
      await ask(rig.socket, 'GET', '/_ping');
      rig.relay.asked.length = 0;
      // The id space of a user namespace is asked for once, before the first create.
      await ask(rig.socket, 'POST', create, '{}');
      rig.relay.asked.length = 0;
      rig.refused.length = 0;
      const answer = await ask(rig.socket, method, url, body);
      expect(answer).toMatchObject({
        status: expect.toSatisfy((status) => [403, 413].includes(status)),
      });
      expect(answer.message).toMatch(/permits|compact JSON|may have/);
      expect(rig.relay.asked).toEqual([]);
      expect(rig.refused).toEqual([
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
    const answer = await send(rig.socket, bytes);
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d .*"message".*)?$/s);
    expect(rig.relay.asked).toEqual([]);
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
        tries.map(([method, url, headers]) => ask(rig.socket, method, url, '', headers)),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404, removal, 403, 403]);
      expect((await container.inspect()).State.Status).toBe('running');
      const listed = await engineAt(rig.socket).list(`${sandboxLabel}=1`);
      expect(listed.some((one) => one.id === id)).toBe('hookpool.sandbox' in labels);
    } finally {
      await container.remove({ force: true });
    }
  });

  test('holds no more connections than its sandboxes need', async () => {
    const allowed = 2 * max + 32;
    const open = new Set<net.Socket>();
    for (let count = 0; count < allowed + 3; count++) {
      const connection = net.connect(rig.socket);
      open.add(connection);
      connection.on('close', () => open.delete(connection));
      connection.resume();
    }
    await vi.waitFor(() => expect(open.size).toBe(allowed));
    expect(rig.refused.map(({ reason }) => reason)).toEqual(
      Array(3).fill('Too many connections at once.'),
    );
    for (const connection of open) connection.destroy();
    await vi.waitFor(async () =>
      expect(await ask(rig.socket, 'GET', '/_ping')).toMatchObject({ status: 200 }),
    );
  });

  test('cannot listen in on a sandbox that is attached', async () => {
    const own = rig.pool({ warm: 1 });
    await vi.waitFor(() => expect(own.stats().blank).toBe(1), { timeout: 10_000 });
    const [sandbox] = await ownSandboxes(direct, process.pid);
    expect(await ask(rig.socket, 'POST', attachUrl(sandbox?.id ?? ''), '', upgrade)).toMatchObject({
      status: 404,
    });
    expect(stdoutOf(await runScript(own, 'bash', 'echo alive'))).toBe('alive\n');
  });
});
