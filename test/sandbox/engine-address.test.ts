import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { checkAddress, connectionOf, engineAddress } from '../../src/sandbox/engine-address.ts';
import { openPool } from '../../src/sandbox/open-pool.ts';
import { Workspaces } from '../../src/sandbox/workspace/workspaces.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['/var/run/docker.sock', /a path needs unix:\/\/ before it.*unix:\/\/\/PATH/],
  ['ssh://u@127.0.0.1', /ssh:\/\/… is not supported: forward the socket.*unix:\/\/\/PATH/],
])('DOCKER_HOST=%s is refused before a call, with the forms that work', async (host, text) => {
  vi.stubEnv('DOCKER_HOST', host);
  await expect(new Engine().info()).rejects.toMatchObject({
    code: 'ENGINE_DOWN',
    message: expect.stringMatching(text),
  });
});

test('a DOCKER_HOST that is no address is refused', () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://a b');
  expect(() => engineAddress()).toThrow(/^DOCKER_HOST cannot be read .*Write unix:/);
});

test.each(['unix:///run/docker.sock', 'unix://', 'tcp://127.0.0.1:2375', 'localhost:2375', ''])(
  'DOCKER_HOST=%s is used',
  (host) => {
    vi.stubEnv('DOCKER_HOST', host);
    expect(() => checkAddress(engineAddress())).not.toThrow();
  },
);

test.each([
  ['unix:///run/docker.sock', true],
  ['', true],
  ['tcp://127.0.0.1:2375', false],
])('an engine at %j is on this machine: %s; workspaces need it there', async (host, isLocal) => {
  vi.stubEnv('DOCKER_HOST', host);
  const engine = new Engine();
  expect(engine.isLocal).toBe(isLocal);
  const open = () => openPool({ engine, workspaces: new Workspaces([]), warm: 0 });
  if (isLocal) await open().drain();
  else expect(open).toThrow('the engine must be on this machine');
});

test.each([
  ['unix:///run/docker.sock', { socketPath: '/run/docker.sock' }],
  ['npipe:////./pipe/other', { socketPath: '//./pipe/other' }],
  ['tcp://127.0.0.1:2375', { host: '127.0.0.1', port: '2375' }],
  ['engine.internal', { host: 'engine.internal', port: undefined }],
  ['tcp://[::1]:2375', { host: '::1', port: '2375' }],
])('DOCKER_HOST=%s leads to %j', (host, connection) => {
  const address = engineAddress({ DOCKER_HOST: host });
  expect(connectionOf(address)).toEqual(connection);
  expect(address.protocol).toBe('host' in connection ? 'http' : undefined);
});

describe('an engine that asks for TLS', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hookpool-tls-'));
    for (const name of ['ca', 'cert', 'key']) writeFileSync(path.join(folder, `${name}.pem`), name);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is known by its port, or by DOCKER_TLS_VERIFY', () => {
    expect(engineAddress({ DOCKER_HOST: 'tcp://h:2376' }).protocol).toBe('https');
    const verified = { DOCKER_HOST: 'tcp://h:1', DOCKER_TLS_VERIFY: '1' };
    expect(engineAddress(verified).protocol).toBe('https');
  });

  test('gets the certificates of DOCKER_CERT_PATH', () => {
    const address = engineAddress({ DOCKER_HOST: 'tcp://h:2376', DOCKER_CERT_PATH: folder });
    const texts = Object.entries(connectionOf(address)).map(([name, value]) => [name, `${value}`]);
    expect(Object.fromEntries(texts)).toEqual({
      ...{ host: 'h', port: '2376' },
      ...{ ca: 'ca', cert: 'cert', key: 'key' },
    });
  });

  test('is refused where these are not there', () => {
    const env = { DOCKER_HOST: 'tcp://h:2376', DOCKER_CERT_PATH: '/no/such' };
    expect(() => engineAddress(env)).toThrow(/^DOCKER_HOST cannot be read \(ENOENT.*ca\.pem/);
  });
});
