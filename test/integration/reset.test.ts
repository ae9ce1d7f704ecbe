/** What a job leaves behind is gone before the next one starts, or the sandbox is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { DestroyReason, PoolEvent } from '../../src/sandbox/pool-events.ts';
import { testPool } from '../support/pool.ts';
import { runScript, stdoutOf } from '../support/script.ts';

let pool: Pool;
let events: PoolEvent[] = [];

beforeAll(() => {
  pool = testPool({ observe: (event) => void events.push(event) });
});

afterAll(() => pool.drain());

const destroyed = (): DestroyReason[] =>
  events.flatMap((event) => (event.type === 'destroyed' ? [event.reason] : []));

/**
 * Runs in the same sandbox right after the planting job: everything of the job user is looked for.
 */
const inspect = `
import os, glob
uid = os.getuid()
mine = {str(os.getpid())}
processes = [pid for pid in os.listdir('/proc') if pid.isdigit() and pid not in mine and os.stat('/proc/' + pid).st_uid == uid]
zombies = [pid for pid in os.listdir('/proc') if pid.isdigit() and open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[0] == 'Z']
space = os.statvfs('/tmp')
print(processes, zombies, os.listdir('/tmp'), oct(os.stat('/tmp').st_mode), space.f_bfree == space.f_blocks, os.listdir('/dev/mqueue'), os.path.exists('/job/transcript.txt'))
`;
const clean = '[] [] [] 0o40700 True [] False\n';

describe('after a job that', () => {
  test.each([
    ['left nothing', 'bash', 'true'],
    [
      'left files, folders, links and pipes',
      'bash',
      'cd /tmp; mkdir -p a/b; echo x > a/b/c; ln -s / root; mkfifo p; touch -- "-rf" " " ".hidden"',
    ],
    [
      'closed its files and folders against itself',
      'bash',
      'mkdir -p /tmp/d/e; touch /tmp/d/e/f; chmod 000 /tmp/d/e /tmp/d /tmp',
    ],
    ['filled its scratch', 'bash', 'head -c 60000000 /dev/zero > /tmp/full; true'],
    [
      'used up all inodes',
      'python3',
      'import os\ntry:\n    for i in range(9999): open(f"/tmp/{i}", "w")\nexcept OSError: pass',
    ],
    [
      'dug a tree deeper than any path',
      'python3',
      'import os\nos.chdir("/tmp")\ntry:\n    for _ in range(3000): os.mkdir("d"); os.chdir("d")\nexcept OSError: pass',
    ],
    [
      'kept a deleted file open in the background',
      'bash',
      'exec 5>/tmp/x; rm /tmp/x; (head -c 1000000 /dev/zero >&5; sleep 60) & sleep 0.05',
    ],
    ['left a background process', 'bash', 'sleep 60 & exit 0'],
    [
      'left a daemon with a session of its own',
      'bash',
      'setsid -f sleep 60; (setsid bash -c "sleep 60 & sleep 60" &)',
    ],
    [
      'left zombies',
      'python3',
      'import os\nfor _ in range(20):\n    if os.fork() == 0: os._exit(0)',
    ],
    [
      'left a process that forks and hops on',
      'python3',
      'import os, time\nif os.fork() == 0:\n    os.setsid()\n    while True:\n        if os.fork(): os._exit(0)\n        time.sleep(0.001)',
    ],
    ['left a stopped process', 'bash', 'sleep 60 & kill -STOP $!'],
    [
      'said its last word and went on',
      'python3',
      'import os\nopen("/proc/self/comm", "w").write("exits-with-0")\nos.close(1), os.close(2)\nwhile True: pass',
    ],
    [
      'left an abstract socket',
      'python3',
      'import os, socket, time\nif os.fork() == 0:\n    s = socket.socket(socket.AF_UNIX); s.bind("\\0hookpool-test"); time.sleep(60)\ntime.sleep(0.1)',
    ],
  ] as const)('%s, the next job of the tenant finds nothing', async (name, runtime, script) => {
    const tenant = name.replaceAll(/[^a-z]/g, '-');
    events = [];
    await runScript(pool, runtime, script, { tenant, transcript: 'secret' });
    const after = await runScript(pool, 'python3', inspect, { tenant });
    expect(stdoutOf(after)).toBe(clean);
    expect(destroyed().filter((reason) => reason === 'not-clean')).toEqual([]);
  });
});

test('a job that tries to plant start-up code does not reach the next interpreter', async () => {
  const plant = `
mkdir -p ~/.local/lib/python3.13/site-packages /tmp/json
echo 'print("planted")' | tee ~/.local/lib/python3.13/site-packages/usercustomize.py /tmp/json/__init__.py /tmp/sitecustomize.py
echo 'echo planted' | tee ~/.bashrc ~/.profile ~/.bash_profile /tmp/env > /dev/null`;
  await runScript(pool, 'bash', plant, { tenant: 'plant' });
  expect(
    stdoutOf(
      await runScript(pool, 'python3', 'import json\nprint(json.dumps(1))', { tenant: 'plant' }),
    ),
  ).toBe('1\n');
  expect(stdoutOf(await runScript(pool, 'bash', 'echo ok', { tenant: 'plant' }))).toBe('ok\n');
});

test('hundreds of jobs of both runtimes fit into one sandbox', async () => {
  events = [];
  for (let round = 0; round < 90; round++) {
    expect(stdoutOf(await runScript(pool, 'bash', `echo ${round}`, { tenant: 'many' }))).toBe(
      `${round}\n`,
    );
    expect(stdoutOf(await runScript(pool, 'python3', `print(${round})`, { tenant: 'many' }))).toBe(
      `${round}\n`,
    );
  }
  expect(events.filter((event) => event.type === 'created')).toHaveLength(1);
});

test('two tenants never share a sandbox, nor its user', async () => {
  const uids = new Set<string>();
  for (const tenant of ['one', 'two', 'one', 'two'])
    uids.add(stdoutOf(await runScript(pool, 'bash', 'echo $UID', { tenant })));
  expect(uids.size).toBe(2);
});

test('isolation job takes a new sandbox for every job', async () => {
  const uids = new Set<string>();
  for (let job = 0; job < 3; job++)
    uids.add(stdoutOf(await runScript(pool, 'bash', 'echo $UID', { isolation: 'job' })));
  expect(uids.size).toBe(3);
});
