/**
 * `make up`, scaled, with a worker killed, and `make down`. Needs `npm run build` and
 * deploy/setup/app-images.sh.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ownerLabel } from '../../src/sandbox/spec.ts';
import { docker, lines, Stack } from '../support/stack.ts';

const noBridge = await docker('network', 'inspect', 'bridge').then(
  () => undefined,
  () => 'the engine has no bridge network, which Compose needs',
);
if (noBridge !== undefined) process.stderr.write(`compose.test.ts is skipped: ${noBridge}\n`);

/**
 * One line per worker: its name, which begins with the id of its container, and its last heartbeat.
 */
const crewScript = `
local found = {}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local state = redis.call('GET', ARGV[1] .. name)
  if state then found[#found + 1] = name .. ' ' .. state end
end
return found`;

describe.skipIf(noBridge !== undefined)('with Docker Compose', () => {
  let stack: Stack;
  const workers: string[] = [];

  beforeAll(async () => {
    stack = await Stack.prepare();
    await stack.up();
  }, 180_000);

  afterAll(async () => {
    await stack.remove();
    expect(await stack.left()).toEqual([]);
    await vi.waitFor(async () => expect(await sandboxesOf(workers)).toEqual([]), 10_000);
  }, 60_000);

  test('hooks of a stored set block and allow', async () => {
    const guard =
      'if jq -r .tool_input.command | grep -q "rm -rf"; then echo "Name the files." >&2; exit 2; fi';
    const hooks = { PreToolUse: [{ matcher: 'Bash', failMode: 'block', command: guard }] };
    expect((await stack.ask('PUT', '/v1/hooksets/guards', { json: { hooks } })).status).toBe(201);
    const decide = async (command: string) => {
      const context = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command } };
      return (await stack.ask('POST', '/v1/evaluate', { json: { hookset: 'guards', context } }))
        .body;
    };
    expect(await decide('rm -rf /srv')).toMatchObject({
      decision: 'block',
      reason: 'Name the files.',
    });
    expect(await decide('ls')).toMatchObject({
      decision: 'none',
      results: [{ cause: { kind: 'exit-code', exitCode: 0 } }],
    });
  });

  test('nobody is served without a token, and only the engine proxy has the socket of the engine', async () => {
    expect(
      (
        await stack.ask('GET', '/v1/hooksets/guards', {
          headers: { authorization: 'Bearer of-nobody-at-all' },
        })
      ).status,
    ).toBe(401);
    for (const service of ['redis', 'dispatcher', 'worker', 'engine-proxy']) {
      for (const id of await stack.containers(service)) {
        const mounts = await docker('inspect', '--format', '{{json .Mounts}}', id);
        expect(mounts.includes('docker.sock'), service).toBe(service === 'engine-proxy');
      }
    }
  });

  test('the image of hookpool has an ordinary user, and no shell', async () => {
    const [worker = ''] = await stack.containers('worker');
    expect(await docker('inspect', '--format', '{{.Config.User}}', worker)).toBe('10001:10001\n');
    for (const shell of ['/bin/sh', '/bin/bash', 'sh'])
      await expect(docker('exec', worker, shell, '-c', 'true')).rejects.toThrow();
    expect(await docker('exec', worker, 'node', '-p', 'process.getuid()')).toBe('10001\n');
  });

  test('a worker that is added takes part; one that is killed during a run costs no answer', async () => {
    await stack.compose('up', '-d', '--no-recreate', '--scale', 'worker=3');
    await expect.poll(() => crew(), { timeout: 60_000, interval: 300 }).toHaveLength(3);
    workers.push(...(await stack.containers('worker')));
    expect(workers).toHaveLength(3);
    const slow = {
      Stop: [
        { name: 'slow', command: 'sleep 4; echo no >&2; exit 2', timeout: 20, failMode: 'allow' },
      ],
    };
    const pending = stack.ask('POST', '/v1/evaluate', {
      json: {
        hooks: slow,
        context: { hook_event_name: 'Stop' },
        deadlineMs: 40_000,
        verbose: true,
      },
    });
    const busy = await vi.waitFor(
      async () => (await crew('running'))[0] ?? Promise.reject(new Error('idle')),
      10_000,
    );
    await docker('kill', busy);
    const answer = await pending;
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { decision: 'block', reason: 'no', cause: { kind: 'exit-code' } },
    ]);
    await expect.poll(() => sandboxesOf([busy]), { timeout: 20_000 }).toEqual([]);
  }, 120_000);

  test('down leaves the volume of Redis and nothing else', async () => {
    await stack.down();
    const [volume = '', ...others] = await stack.left();
    expect([volume, ...others]).toEqual([expect.stringMatching(/_redis$/)]);
  }, 60_000);

  /** Containers of the workers that let hear of themselves. */
  async function crew(state: 'alive' | 'running' = 'alive'): Promise<string[]> {
    const [redis = ''] = await stack.containers('redis');
    const key = '{hookpool}:hooks:worker';
    const states = lines(
      await docker('exec', redis, 'redis-cli', 'EVAL', crewScript, '1', `${key}s`, `${key}:`),
    );
    return states.flatMap((line) => {
      const [, name = '', text = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      return state === 'alive' || JSON.parse(text).running > 0 ? [name.slice(0, 12)] : [];
    });
  }

  async function sandboxesOf(hosts: readonly string[]): Promise<string[]> {
    const owners = lines(
      await docker(
        'ps',
        '-a',
        '--filter',
        `label=${ownerLabel}`,
        '--format',
        `{{.Label "${ownerLabel}"}}`,
      ),
    );
    return owners.filter((owner) => hosts.some((host) => owner.startsWith(`${host}:`)));
  }
});
