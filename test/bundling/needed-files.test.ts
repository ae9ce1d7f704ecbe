import { expect, it } from 'vitest';
import { namedFiles } from '../../src/bundling/named-files.ts';
import { projectOf } from './samples.ts';

const files = projectOf(
  {
    'scripts/x.sh': '#!/bin/bash\n',
    'guard.py': 'import sys',
    'guard.mjs': '',
    'pkg/data.txt': '',
  },
  { folder: '/home/me/app', home: '/home/me' },
);
const project = { files, folders: ['CLAUDE_PROJECT_DIR'] };

function told(command: string) {
  const { problems, warnings, paths } = namedFiles(command, '', project);
  return { problems, warnings, paths: [...paths].sort() };
}

it.each([
  ['python3 guard.py || python3 ~/none.py', ['guard.py']],
  ['python3 ~/none.py || python3 guard.py "$(cat)"', ['guard.py']],
  ['~/none.py || ./scripts/x.sh', ['scripts/x.sh']],
  ['~/none.py || ~/none.sh || ./scripts/x.sh', ['scripts/x.sh']],
  ['bash ~/none.sh || uv run guard.py', ['guard.py']],
  ['python3 ~/none.py || node guard.mjs', ['guard.mjs']],
  ['bash "$HOME/none.sh" 2>/dev/null; exit 0', []],
  ['~/none.sh || true', []],
  ['[ -x ~/none.sh ] && ~/none.sh', []],
  ["sh -lc 'if [ -f ~/none.py ]; then exec python3 ~/none.py; fi; exit 0'", []],
  ['[ -f ~/none.sh ] || exit 0; bash ~/none.sh', []],
  ['if [ ! -f ~/none.sh ]; then exit 0; fi; bash ~/none.sh', []],
  ["[ -d x ] && sh -c '~/none.sh'", []],
  ["sh -c 'bash none.sh' || ./scripts/x.sh", ['scripts/x.sh']],
  ['bash none.sh; python3 -m none; exit 0', []],
  ['[ -d x ] && find "$CLAUDE_PROJECT_DIR" -name x', []],
  ['python3 guard.py "$PWD"', ['guard.py']],
])('%s can do without what lacks', (command, paths) => {
  expect(told(command)).toEqual({ problems: [], warnings: expect.any(Array), paths });
  expect(told(command).warnings.join()).toMatch(/none|needs all of/);
});

it.each(['bash "$HOME/none.sh" 2>/dev/null; exit 0', '~/none.sh || true'])(
  '%s needs its file where a failure must block',
  (command) => {
    const { problems } = namedFiles(command, '', { ...project, needsAll: true });
    expect(problems.join()).toContain('none.sh');
  },
);

it.each([
  'bash none.sh',
  'cat >/dev/null; bash none.sh',
  'python3 none.py || exit 2',
  'x=$(python3 -m none || true); python3 -m none',
  'python3 none.py || python3 ~/none.py',
  'bash none.sh || bash',
  'bash none.sh || cat x | bash guard.py',
  'x=$(bash none.sh || cat); ./scripts/x.sh',
  '[ -n "$X" ] && echo x; bash none.sh',
  'cat || true; bash none.sh',
  'if [ -n "$X" ]; then echo x; fi; bash none.sh',
  'x=$(cat || exit 2); bash none.sh',
  'if bash none.sh; then exit 2; fi',
  "sh -c 'bash none.sh' || exit 2",
  '{ bash none.sh; ./scripts/x.sh; }',
])('%s needs its file', (command) => {
  expect(told(command).problems).toEqual([expect.stringContaining('none')]);
});

it.each([
  'jq -n --arg wd "$(pwd)" .',
  'echo "$PWD" >&2',
  'case "$PWD" in */tmp) exit 2;; esac',
  'D=$PWD; [ -n "$D" ]',
])('%s uses the name of the folder alone, and starts there', (command) => {
  expect(told(command)).toEqual({ problems: [], warnings: [], paths: [] });
});

it('a variable of several values means those of its files that there are', () => {
  const command = 'd=$PWD; while :; do python3 "$d/guard.py"; d=$(dirname "$d"); done';
  expect(told(command)).toEqual({ problems: [], warnings: [], paths: ['guard.py'] });
  const warnings = ['starts $d/guard.py, whose file the command computes: name it in files.'];
  const other = told('d=$PWD; d=pkg; python3 $d/guard.py');
  expect(other).toEqual({ problems: [], warnings, paths: ['guard.py'] });
});

it('the folders that a command changes into are told', () => {
  const { entered } = namedFiles('cd "$CLAUDE_PROJECT_DIR" && cd scripts; cd ../pkg', '', project);
  expect([...entered]).toEqual(['scripts', 'pkg']);
});
