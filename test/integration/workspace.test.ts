/** A hook in a workspace, on the real engine: what it finds there, and what it cannot do. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import net from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { isGvisor } from '../../src/sandbox/spec.ts';
import { ociRuntime, refused, WorkspaceRig } from './workspace-rig.ts';

const rig = new WorkspaceRig();
const { made, app, sub, other, outside } = rig;

afterAll(() => rig.close());

describe('a hook in a workspace', () => {
  test('starts in the folder of its event, and reads the edited file and what is beside it', async () => {
    const read = 'file=$(jq -r .tool_input.file_path); pwd; cat "$file"; echo ../*';
    expect(await rig.printed(read, sub)).toBe(`${sub}\nimport os\n../closed.txt ../sub`);
    expect(
      await rig.printed('echo $HOOKPOOL_WORKSPACE $HOOKPOOL_CWD; env | grep -c ^GIT_', sub),
    ).toBe(`${app} ${sub}\n8`);
  });

  test('finds the project in its variables, in bash and python3', async () => {
    expect(await rig.printed('echo $CLAUDE_PROJECT_DIR $PWD', sub)).toBe(`${app} ${sub}`);
    const python =
      '#!/usr/bin/env python3\nimport os, sys\nsys.stderr.write(os.getcwd() + " " + os.environ["CLAUDE_PROJECT_DIR"])\nsys.exit(2)';
    const { results } = await rig.decide({ script: python }, sub);
    expect(results[0]?.reason).toBe(`${sub} ${app}`);
  });

  test('cannot change anything, nor read what is closed to others', async () => {
    const write = [
      'echo x > sub/edited.py',
      'echo x > new',
      'rm sub/edited.py',
      'mkdir d',
      'touch sub',
      'chmod 777 sub',
      'ln sub/edited.py l',
      'cat closed.txt',
    ].map((command) => `${command} && echo DONE`);
    const said = await rig.printed(write.join('\n'));
    expect(said).not.toContain('DONE');
    expect(said.split('\n').filter((line) => refused.test(line))).toHaveLength(write.length);
    expect(readFileSync(`${sub}/edited.py`, 'utf8')).toBe('import os\n');
  });

  test('sees nothing beside the workspace, and no link leads out of it', async () => {
    symlinkSync(`${outside}/secret.txt`, `${app}/link`);
    symlinkSync('/etc/passwd', `${app}/passwd`);
    const look = `cat link; echo ${made.path}/*; cat ${other}/note.txt; cat ../outside/secret.txt; cat passwd`;
    const said = await rig.printed(look);
    expect(said).not.toMatch(/secret$|^other/m);
    expect(said).toContain(app);
    // The link leads to the file of the image, which has no users.
    expect(said).not.toContain(readFileSync('/etc/passwd', 'utf8').trim());
    execFileSync('rm', [`${app}/link`, `${app}/passwd`]);
  });

  test('reaches no program of the host through a socket file', async () => {
    const server = net.createServer((socket) => socket.end('host'));
    await new Promise<void>((resolve) => server.listen(`${app}/s`, resolve));
    chmodSync(`${app}/s`, 0o777);
    const connect = `python3 -c '
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try: socket.socket(socket.AF_UNIX, kind).connect("s"); print("CONNECTED")
    except OSError as error: print(error.strerror)
pair = socket.socketpair()
pair[0].send(b"own"); print(pair[1].recv(3))
try: pair[0].connect("s"); print("CONNECTED")
except OSError as error: print(error.strerror)
try: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); print("DATAGRAMS")
except OSError as error: print(error.strerror)
'`;
    const said = await rig.printed(connect);
    await new Promise((resolve) => server.close(resolve));
    expect(said).not.toContain('CONNECTED');
    expect(said).toContain("b'own'");
    // gVisor has no filter inside, and passes no socket of the host on.
    if (!isGvisor(ociRuntime)) expect(said).not.toContain('DATAGRAMS');
  });
});

test("a guard's own files come from the bundle, and what they read from the workspace", async () => {
  const say = (text: string) =>
    `#!/bin/bash\n. "$(dirname "$0")/lib.sh"\necho "${text} $0 $LIB $(cat data.txt)" >&2; exit 2`;
  made.file('app/hooks/x.sh', say('agreed'), 0o755);
  made.file('app/hooks/lib.sh', 'LIB=agreed');
  made.file('app/hooks/g.py', 'import sys, rules\nsys.exit(rules.tell(sys.argv[0]))');
  const tell =
    'import sys\ndef tell(path):\n  print("agreed", path, open("data.txt").read(), file=sys.stderr)\n  return 2';
  made.file('app/hooks/rules.py', tell);
  const commands = [
    'hooks/x.sh',
    '"$CLAUDE_PROJECT_DIR"/hooks/x.sh',
    'bash ./hooks/x.sh || exit 2',
    '"$CLAUDE_PROJECT_DIR/hooks/x.sh" || exit 2',
    'python3 hooks/g.py',
    'true; python3 hooks/g.py || exit 2',
  ];
  const hooks = commands.map((command) => ({ command, files: ['hooks'] }));
  const checked = hooks.map((hook) => rig.compile(hook, app));
  // The agent changes the guard after it was loaded, and a file that the guard reads.
  made.file('app/hooks/x.sh', 'exit 0', 0o755);
  made.file('app/hooks/lib.sh', 'exit 0');
  made.file('app/hooks/g.py', 'raise SystemExit(0)');
  made.file('app/hooks/rules.py', 'def tell(path): return 0');
  made.file('app/data.txt', 'now');
  const reasons = await Promise.all(
    checked.map(async (hook) => (await rig.run(hook, app)).results[0]?.reason?.trim()),
  );
  expect(reasons).toEqual([
    'agreed /project/hooks/x.sh agreed now',
    'agreed /project/hooks/x.sh agreed now',
    'agreed /project/./hooks/x.sh agreed now',
    'agreed /project/hooks/x.sh agreed now',
    'agreed /project/hooks/g.py now',
    'agreed /project/hooks/g.py now',
  ]);
});

test('a guard that first writes into the project decides in its copy, and the workspace stays as it is', async () => {
  const log = 'set -e\nmkdir -p "$CLAUDE_PROJECT_DIR/logs"; echo x >> "$CLAUDE_PROJECT_DIR/logs/a"';
  const look = 'cat "$(jq -r .tool_input.file_path)" >&2; pwd >&2; git log >&2 || true; exit 2';
  const { results } = await rig.decide({ script: `${log}\n${look}` }, app);
  expect(results[0]).toMatchObject({ decision: 'block', durations: { queueMs: 0 } });
  expect(results[0]?.reason).toContain('import os\n/project');
  expect(results[0]?.diagnostics.map(({ code }) => code)).toContain('ran-in-copy');
  expect(existsSync(`${app}/logs`)).toBe(false);
  const again = await rig.decide({ script: 'ls "$CLAUDE_PROJECT_DIR" /project >&2; exit 2' }, app);
  expect(again.results[0]?.reason).not.toContain('logs');
});

test('an event outside of all roots runs without a workspace, and says so where it matters', async () => {
  const script = 'cat "$(jq -r .tool_input.file_path)" >/dev/null || true';
  const { results } = await rig.decide({ script }, outside);
  expect(results[0]?.diagnostics.map(({ message }) => message).join()).toContain(
    `${outside} is in no folder that --workspace allows`,
  );
  const inside = await rig.decide({ script }, app);
  expect(inside.results[0]?.diagnostics).toEqual([]);
});

test("a plugin's folder is what went along with the hook, and the project is the workspace", async () => {
  made.file('plugin/.claude-plugin/plugin.json', '{}');
  made.file('plugin/x.sh', 'echo "$CLAUDE_PLUGIN_ROOT $CLAUDE_PROJECT_DIR" >&2; exit 2', 0o755);
  const python =
    'import os, sys\nsys.exit(os.environ["CLAUDE_PLUGIN_ROOT"] + " " + os.environ["CLAUDE_PROJECT_DIR"])';
  made.file('plugin/x.py', python);
  const reasons = [
    '"$CLAUDE_PLUGIN_ROOT/x.sh"',
    'python3 "$CLAUDE_PLUGIN_ROOT/x.py" || exit 2',
  ].map(async (command) => {
    const { results } = await rig.run(rig.compile({ command }, `${made.path}/plugin`), app);
    return results[0]?.reason?.trim();
  });
  expect(await Promise.all(reasons)).toEqual([`/project ${app}`, `/project ${app}`]);
});

test('all files that node loads are those that were checked, also in the workspace', async () => {
  const files = {
    'node/before.mjs': 'globalThis.said = ["agreed before"];',
    'node/before.cjs': 'globalThis.said = ["agreed before"];',
    'node/guard.mjs': 'console.error(said[0], "agreed guard"); process.exit(2);',
  };
  for (const [name, text] of Object.entries(files)) made.file(`app/${name}`, text);
  const commands = [
    'node --import ./node/before.mjs node/guard.mjs',
    'node --import=./node/before.mjs ./node/guard.mjs',
    'node -r ./node/before.cjs node/guard.mjs',
    'node --require ./node/before.cjs node/guard.mjs || exit 2',
  ];
  const checked = commands.map((command) => rig.compile({ command }, app));
  for (const name of Object.keys(files)) made.file(`app/${name}`, 'process.exit(0)');
  const reasons = await Promise.all(
    checked.map(async (hook) => (await rig.run(hook, app)).results[0]?.reason?.trim()),
  );
  expect(reasons).toEqual(commands.map(() => 'agreed before agreed guard'));
});
