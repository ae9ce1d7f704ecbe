/**
 * A script file that a hook's command starts behaves in a sandbox as it does when an agent starts
 * it: same stdout, stderr, exit code, $0, arguments, folder and variables. The plain start is that
 * command under `bash -c` in the same sandbox, in the same folder, with the same variables.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProject } from '../../src/bundling/in-project.ts';
import { givenFiles } from '../../src/bundling/project-files.ts';
import { createBundle } from '../../src/protocol/bundle.ts';
import type { Script } from '../../src/protocol/script.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { syntaxError } from '../../src/sandbox/syntax.ts';
import { testPool } from '../support/pool.ts';
import { bundleOf, runScript, stderrOf, stdoutOf } from '../support/script.ts';

let pool: Pool;

beforeAll(() => {
  pool = testPool({ max: 1 });
});

afterAll(() => pool.drain());

const shows = 'echo "$0 $# [$*] $PWD $A $CLAUDE_PROJECT_DIR $(cat)"';
const bundle = bundleOf({
  'x.sh': `#!/usr/bin/env bash\n${shows}\n[[ $0 == "$BASH_SOURCE" ]] && echo main; cat "$(dirname "$0")/lib/words.txt"\n`,
  'lib/words.txt': 'words\n',
  'lib/common.sh': 'hello() { echo "hello $1 $LINENO"; }\n',
  'hooks/sources.sh':
    'set -euo pipefail\n. "$(dirname "$BASH_SOURCE")/../lib/common.sh"\nhello "$1"\nnope 2>&1 || true\nfalse\necho no\n',
  'hooks/exits.sh':
    'trap \'echo bye $?\' EXIT\nf() { return 3; }\nf || echo $?\nnosuch\nshift; echo "$@"; exit 2\n',
  'hooks/sourced.sh':
    '(return 0 2>/dev/null) && echo sourced || echo started\ncaller && echo "$FUNCNAME"\n',
  'hooks/returns.sh': 'echo a\nreturn 3\necho b\n',
  'hooks/broken.sh': 'echo one\nif then\n',
  'hooks/dash.sh': '#!/bin/sh\necho "a\\nb $0 $*"\n[[ x ]] 2>/dev/null || echo dash\n',
  'hooks/strict.sh': '#!/bin/bash -e\necho "$- $0"\nfalse\necho no\n',
  'hooks/kills.sh': 'echo a; kill -TERM $$; sleep 1\n',
  'show.py':
    '#!/usr/bin/env python3\n"""About."""\nimport os, sys, rules\nprint(sys.argv, sys.path[0], __file__, __name__, __doc__, __spec__, __package__)\n' +
    'print(os.getcwd(), os.environ.get("A"), rules.NAME, sorted(globals()), sys.stdin.read())\nsys.exit(4)\n',
  'rules.py': 'NAME = "r\\u00e9"\n',
  'hooks/raises.py':
    'import atexit\natexit.register(print, "bye")\ndef f():\n    raise ValueError("é")\ntry:\n    f()\nexcept ValueError as e:\n    raise KeyError(1) from e\n',
  'hooks/hooked.py':
    'import sys, traceback\nsys.excepthook = lambda *e: print("mine", "".join(traceback.format_exception(*e)))\n1 / 0\n',
  'hooks/syntax.py': 'print(1)\ndef (:\n',
  'hooks/says.py': 'import sys\nsys.exit("bye")\n',
  'hooks/interrupted.py':
    'import os, signal\nprint("a", flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n',
  'hooks/source.py': 'import inspect\ndef f():\n    pass\nprint(inspect.getsource(f))\n',
  'pkg/__init__.py': 'print("package")\n',
  'pkg/__main__.py': 'import sys\nfrom . import mod\nprint(sys.argv, sys.path[0], __package__)\n',
  'pkg/mod.py':
    'import sys\nprint(sys.argv, __file__, __name__, __spec__.name)\n1 / (__name__ != "__main__")\n',
});
const files = givenFiles(bundle.files);

interface Ending {
  readonly end: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function endingOf(script: Script): Promise<Ending> {
  const run = await runScript(pool, script.runtime, script.source, {
    bundle: script.bundle ?? bundle,
    stdin: 'in',
  });
  return { end: run.exitCode ?? run.signal, stdout: stdoutOf(run), stderr: stderrOf(run) };
}

function started(command: string, workingDir = ''): Script {
  const settings = {
    command,
    env: { A: "it's", B: '$x' },
    workingDir,
    files: workingDir === '' ? [] : [workingDir],
  };
  const { script, problems } = inProject({ runtime: 'bash', source: command }, settings, {
    dialect: 'claude-code',
    files,
  });
  expect(problems).toEqual([]);
  return { ...script, bundle };
}

/**
 * With `exec`, so that a death by a signal is told as such; but it makes the path of a file
 * absolute.
 */
function plain(command: string, folder: string): Script {
  const settings = `cd /project/${folder}; export A="it's" B='$x' CLAUDE_PROJECT_DIR=/project CLAUDE_PLUGIN_ROOT=/project; `;
  return {
    runtime: 'bash',
    source: `${settings}${command.replace(/^(python)3? /, 'exec $13 ').replace(/^(bash|sh) /, 'exec $1 ')}\n`,
    bundle,
  };
}

const direct: readonly (readonly [command: string, folder: string])[] = [
  ["./x.sh a 'b  c' ''", ''],
  ['bash x.sh a', ''],
  ['"$CLAUDE_PROJECT_DIR"/x.sh', ''],
  ['../x.sh', 'hooks'],
  ['bash ./hooks/sources.sh you', ''],
  ['bash hooks/exits.sh 1 "2 3"', ''],
  ['bash hooks/broken.sh', ''],
  ['bash hooks/kills.sh', ''],
  ['./show.py --strict "a b"', ''],
  ['python3 show.py', ''],
  ['python ../show.py x', 'hooks'],
  ['python3 hooks/raises.py', ''],
  ['python3 hooks/hooked.py', ''],
  ['python3 hooks/syntax.py', ''],
  ['python3 hooks/says.py', ''],
  ['python3 hooks/interrupted.py', ''],
  ['python3 hooks/source.py', ''],
  ['python3 -m pkg a b', ''],
  ['python3 -m pkg.mod a', ''],
];

const replacing = [
  ['bash hooks/sourced.sh'],
  ['bash hooks/returns.sh'],
  ['./hooks/dash.sh a'],
  ['sh hooks/dash.sh a'],
  ['./hooks/strict.sh'],
  ['python3 -u show.py'],
] as const;

describe('a command that starts a script file', () => {
  test.each(direct)('in the waiting interpreter: %s', async (command, folder) => {
    const script = started(command, folder);
    expect(script.source).toMatch(/BASH_ARGV0|^def launch/);
    expect(await endingOf(script)).toEqual(await endingOf(plain(command, folder)));
  });

  test.each(replacing)('in the place of the waiting bash: %s', async (command) => {
    const script = started(command);
    expect(script.source).toMatch(/; exec .*\n$/);
    expect(await endingOf(script)).toEqual(await endingOf(plain(command, '')));
  });
});

test('any other command has its files, its folder and its variables', async () => {
  expect(
    await endingOf(started('cat | python show.py | tail -n 1; ./x.sh | head -n 1')),
  ).toMatchObject({
    end: 0,
    stdout: expect.stringMatching(
      /^\/project it's ré .* in\n\.\/x\.sh 0 \[\] \/project it's \/project \n$/,
    ),
  });
});

test.each([
  ['bash', '#!/bin/bash\necho "$A $PWD $LINENO"', "it's /project 2\n"],
  [
    'python3',
    '#!/usr/bin/env python3\nfrom __future__ import annotations\nimport os\nprint(os.environ["A"], os.getcwd())',
    "it's /project\n",
  ],
] as const)('a %s script in the hooks file has them, too', async (runtime, source, stdout) => {
  const { script } = inProject(
    { runtime, source },
    { files: ['lib'], env: { A: "it's" } },
    { dialect: 'azure', files },
  );
  expect(await endingOf(script)).toEqual({ end: 0, stdout, stderr: '' });
});

test.each([
  ['bash hooks/broken.sh', 'bash cannot parse hooks/broken.sh: line 2: syntax error'],
  ['cat | python3 hooks/syntax.py', 'python3 cannot parse hooks/syntax.py: line 2: invalid syntax'],
])('%s is refused before it runs: %s', async (command, message) => {
  const run = async ({
    request,
  }: {
    request: Parameters<Awaited<ReturnType<Pool['acquire']>>['run']>[0];
  }) => {
    const lease = await pool.acquire('test', 'tenant');
    try {
      return { run: await lease.run(request), leaseMs: 0, ranIn: { container: '' } };
    } finally {
      lease.release();
    }
  };
  expect(await syntaxError(run, started(command), 'test')).toContain(message);
  expect(
    await syntaxError(run, { ...started('./x.sh'), bundle: createBundle(bundle.files) }, 'test'),
  ).toBeUndefined();
});
