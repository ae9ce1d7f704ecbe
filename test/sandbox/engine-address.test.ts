import { afterEach, expect, test, vi } from 'vitest';
import type { EngineAddress } from '../../src/sandbox/attach.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { checkAddress, openClient } from '../../src/sandbox/engine-address.ts';
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
  expect(openClient).toThrow(/^DOCKER_HOST cannot be read .*Write unix:/);
});

test.each(['unix:///run/docker.sock', 'unix://', 'tcp://127.0.0.1:2375', 'localhost:2375', ''])(
  'DOCKER_HOST=%s is used',
  (host) => {
    vi.stubEnv('DOCKER_HOST', host);
    expect(() => checkAddress(openClient().modem as EngineAddress)).not.toThrow();
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
