import { describe, expect, it } from 'vitest';
import { inProject } from '../../src/bundling/in-project.ts';
import { defaultContents } from '../../src/protocol/profile.ts';
import { projectOf } from './samples.ts';

/** Without git and the other programs of `full`. */
const profiles = [defaultContents, { name: 'node', programs: ['node'], modules: [] }];

function lacks(
  command: string,
  { dialect = 'claude-code', files = {} as Record<string, string>, settings = {} } = {},
) {
  const place = { dialect, profiles, files: projectOf(files, { folder: '/w', home: '/home/me' }) };
  const { problems, warnings, ofProject } = inProject(
    { runtime: 'bash', source: command },
    { command, ...settings },
    place,
  );
  return {
    problems: problems.map(([, message]) => message),
    warnings: [...warnings.map(([, message]) => message), ...ofProject],
  };
}

it('a log in /tmp is told, and kept with a state', () => {
  const command = 'jq . >> /tmp/audit.jsonl && exit 0';
  expect(lacks(command).warnings).toEqual([
    'appends to /tmp/audit.jsonl: nothing in /tmp outlives the run without "state: session" on the hook.',
  ]);
  expect(lacks(command, { settings: { state: 'session' } }).warnings).toEqual([]);
});

it('a program of Windows is told', () => {
  const { problems } = lacks('C:\\Users\\me\\graph.EXE hook-check');
  expect(problems).toEqual(["C:Usersmegraph.EXE is not in the sandbox's image."]);
  expect(lacks('"C:\\Program Files\\graph.exe"').problems).toHaveLength(1);
  expect(lacks('a::log() { :; }; a::log x').problems).toEqual([]);
});

it('a program that the command passes to a script, which runs its arguments, is told', () => {
  const run = 'set -u\nif "$@" >&2; then echo ok; fi';
  const told = (command: string, text = run) =>
    lacks(command, { files: { 'run.sh': text, 'x.sh': 'exit 0' } }).warnings;
  const message = "make is not in the sandbox's image.";
  expect(told('./run.sh make check')).toEqual([message]);
  expect(told('cd . && bash ./run.sh make check || true')).toEqual([message]);
  expect(told('./run.sh /usr/bin/make check')).toEqual([message]);
  expect(told('./run.sh jq .; ./x.sh make; ./run.sh ./x.sh; ./run.sh')).toEqual([]);
  expect(told('./run.sh make check', 'echo "$@"')).toEqual([]);
});

it('files of the project with computed names are told', () => {
  const file = {
    'x.py': 'import pathlib\ncwd = pathlib.Path.cwd()\nfor n in names: (cwd / n).read_text()',
  };
  expect(lacks('python3 x.py', { files: file }).warnings).toEqual([
    'x.py:3: cwd / n does not go along: name what is needed in files.',
  ]);
});

it('a hook with a state reads what an earlier run left, and lacks the rest all the same', () => {
  const command = 'f="$HOOKPOOL_STATE/n"; n=$(cat "$f"); m=$(cat /tmp/m); true || git log > "$f"';
  expect(lacks(command).warnings.join()).toContain('$HOOKPOOL_STATE of an earlier run');
  expect(lacks(command).warnings.join()).toContain('/tmp/m');
  const kept = lacks(command, { settings: { state: 'session' } });
  expect(kept).toEqual({ problems: [], warnings: ["git is not in the sandbox's image."] });
  const file = { 'x.py': 'import yaml, os\nos.path.exists("/tmp/n")' };
  const started = lacks('python3 x.py', { files: file, settings: { state: 'session' } });
  expect(started.warnings).toHaveLength(1);
  expect(lacks('python3 x.py', { files: file }).warnings).toHaveLength(2);
});

describe('a command', () => {
  it.each([
    'exit 2',
    'jq -e \'.tool_input.command | test("rm -rf") | not\' >/dev/null || { echo no >&2; exit 2; }',
    'if grep -q x; then echo curl; else printf "%s" "git push"; fi',
    'python3 -c "import json, sys; sys.exit(0)"',
    'python3 -I -c pass',
    "python3 - <<'PY'\nimport subprocess\nPY",
    'echo x | python3',
    'python3 -m json.tool',
    'python3 >/tmp/out',
    'python3 --version',
    'bash -c "exit 2"',
    'bash -s <<E\nexit 2\nE',
    'bash',
    '/usr/bin/jq . | /bin/cat > /tmp/x',
    'bash /tmp/made.sh',
    'SELF=/bin/cat; "$SELF" x',
    'X=1',
    'timeout 5 jq .',
    'env',
    'bash -c',
    "python -c 'pass'",
    '# curl x\nexit 0',
    'check() { grep -q x; }; check && exit 2',
    'alias check=grep; check x',
    'case $(jq -r .tool_name) in git|npx) exit 2;; *) exit 0;; esac',
    `words=(git npx); for word in "\${words[@]}"; do grep -q "$word" && exit 2; done`,
    'cd "$(git rev-parse --show-toplevel)" && cat',
    'cd "$(git rev-parse --show-toplevel 2>/dev/null || pwd)" && cat',
  ])('%j lacks nothing', (command) => {
    expect(lacks(command)).toEqual({ problems: [], warnings: [] });
  });

  it.each([
    ['ruby x.js', 'ruby is not in'],
    ['/usr/local/bin/ruby x.js', 'ruby is not in'],
    ['npx prettier --write .', 'npx is not in'],
    ['xargs python -V', 'python is not in'],
    ['sudo -n true', 'sudo is not in'],
    ['git push', 'git is not in'],
    ['test -n "$(git status --porcelain)"', 'git is not in'],
    ['jq . | curl -d @- https://x', 'curl needs the network'],
    ['if ! wget x; then exit 2; fi', 'wget needs the network'],
    ['A=1 B=2 exec timeout 10s ssh host', 'ssh needs the network'],
    ['xargs -n 1 curl', 'curl needs the network'],
    ['bash -lc "go run ."', 'go is not in'],
    ['my-guard run file-guard', 'my-guard is not in'],
    ['powershell.exe -File x.ps1', 'powershell.exe is not in'],
    ['hookpool hook', 'hookpool is not in'],
    ['input=$(cat); branch=$(git branch --show-current); [ "$branch" != main ]', 'git is not in'],
    ['find . -name x -exec ruby {} +', 'ruby is not in', 'warning'],
    ['$PLUGIN/hooks/x.sh', 'the variable PLUGIN, which neither a sandbox nor this hook sets'],
    [
      'case $CRUSH_TOOL_INPUT_COMMAND in *rm*) exit 2;; esac',
      'the variable CRUSH_TOOL_INPUT_COMMAND of the agent',
    ],
    [
      'python3 -c "import os; os.environ[\'OPENHANDS_TOOL_NAME\']"',
      'the variable OPENHANDS_TOOL_NAME of the agent',
    ],
  ])('%j cannot do without: %s', (command, text, kind = 'problem') => {
    const one = [expect.stringContaining(text)];
    expect(lacks(command)).toEqual(
      kind === 'problem' ? { problems: one, warnings: [] } : { problems: [], warnings: one },
    );
  });

  it.each([
    ['command -v git >/dev/null || exit 0', 'git is not in'],
    ['which rg && exit 2', 'rg is not in'],
    ['jq -e .x >/dev/null || git status', 'git is not in'],
    ['if jq -e .x; then git status; fi', 'git is not in'],
    ['jq -e .x && npx prettier', 'npx is not in'],
    ['cat\ntrue || gh x; eval "npm x"', 'gh and npm are not in'],
    [`echo "\${CLAUDE_TOOL_INPUT:-}"`, 'the variable CLAUDE_TOOL_INPUT of the agent'],
    ['f=$(jq -r .notebook_path); grep -q x "$f"', 'opens what notebook_path names'],
    ['cat "$(jq -r .tool_input.file_path)"', 'opens what file_path names'],
    ['cd "$(jq -r .cwd)" && ls', 'opens what cwd names'],
    ['f=/tmp/n-$(jq -r .session_id); n=$(cat "$f"); echo 1 > "$f"', 'reads $f of an earlier run'],
    ['[ -f "$CLAUDE_PROJECT_DIR/.claude/flag" ] && exit 2', '.claude/flag does not go along'],
    ['cat ~/.claude/state', 'uses the home folder (~/.claude/state)'],
    ["python3 -c 'import yaml'", 'the python module yaml is neither'],
    ["python3 - <<'E'\nimport yaml\nE", 'the python module yaml is neither'],
    ['python3 -c \'open(p, "w")\'; echo x > out', 'writes to out: only /tmp and'],
    ['bash <<E\ntrue || git x\nE', 'git is not in'],
  ])('%j may miss: %s', (command, text) => {
    expect(lacks(command)).toEqual({ problems: [], warnings: [expect.stringContaining(text)] });
  });

  const guard = { files: { 'b.sh': '#!/bin/bash\n', 'b.py': '' } };

  it.each([
    ['npx x 2>/dev/null; bash b.sh', 'npx is not in'],
    ['npx x && echo y; ./b.sh', 'npx is not in'],
    ['sudo -n bash b.sh || bash b.sh', 'sudo is not in'],
    ['powershell -File x || bash b.sh', 'powershell is not in'],
    ['curl -s x | jq .\npython3 b.py', 'curl needs the network'],
    ['x=$(git x); bash b.sh "$x"', 'git is not in'],
    ['bash b.sh "$(git x)"', 'git is not in'],
    ['ruby x & bash -c "exit 2"', 'ruby is not in'],
    ['ruby x; python3 -c pass', 'ruby is not in'],
    ['ruby x; python3 -m b', 'ruby is not in'],
  ])('%j runs without what it misses: %s', (command, text) => {
    expect(lacks(command, guard)).toEqual({
      problems: [],
      warnings: [expect.stringContaining(text)],
    });
  });

  it.each([
    'npx x && bash b.sh',
    'npx x | bash b.sh',
    '(npx x) && bash b.sh',
    'npx x; exit 2',
    'npx x || python3 --version',
    'npx x; bash',
    'bash b.sh; npx x',
    'set -e; npx x; bash b.sh',
    'set -o errexit; npx x; bash b.sh',
  ])('%j does not come to its script', (command) => {
    expect(lacks(command, guard).problems).toEqual([expect.stringContaining('npx is not in')]);
  });

  it('misses each once', () => {
    expect(lacks('curl a; curl b; ruby c').problems).toEqual([
      'curl needs the network, which a sandbox does not have.',
      "ruby is not in the sandbox's image.",
    ]);
  });
});
