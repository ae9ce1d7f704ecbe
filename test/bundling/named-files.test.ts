import { expect, it, vi } from 'vitest';
import { namedFiles } from '../../src/bundling/named-files.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { projectOf } from './samples.ts';

const files = projectOf(
  {
    'scripts/x.sh': '#!/bin/bash\n',
    'scripts/plain': 'echo',
    'scripts/tool.py': '#!/usr/bin/env python3\n',
    'scripts/old.py': '#!/usr/bin/env python\n',
    'guard.py': 'import sys',
    'rules.json': '{}',
    'filter.jq': '.',
    'pkg/__main__.py': '',
    'pkg/mod.py': '',
    'pkg/data.txt': '',
    'single.py': '',
  },
  { folder: '/home/me/app', home: '/home/me' },
);
const project = { files, folders: ['CLAUDE_PROJECT_DIR'] };

function found(command: string, folder = '') {
  const { paths, runs, problems, usesFolder } = namedFiles(command, folder, project);
  return { paths: [...paths].sort(), runs: Object.fromEntries(runs), problems, usesFolder };
}

it.each<[string, string[], Record<string, string>]>([
  ['./scripts/x.sh a b', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['"$CLAUDE_PROJECT_DIR"/scripts/x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  [
    '$\x7BCLAUDE_PROJECT_DIR}/scripts/tool.py',
    ['scripts/tool.py'],
    { 'scripts/tool.py': 'python3' },
  ],
  ['/home/me/app/scripts/x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['~/app/scripts/x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['$HOME/app/scripts/x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['$PWD/scripts/x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['python3 guard.py --rules rules.json', ['guard.py', 'rules.json'], { 'guard.py': 'python3' }],
  ['python -u guard.py --rules=rules.json', ['guard.py', 'rules.json'], { 'guard.py': 'python3' }],
  [
    'python3 -m pkg.mod x',
    ['pkg/__main__.py', 'pkg/data.txt', 'pkg/mod.py'],
    { 'pkg/mod.py': 'python3' },
  ],
  [
    'python3 -m pkg',
    ['pkg/__main__.py', 'pkg/data.txt', 'pkg/mod.py'],
    { 'pkg/__main__.py': 'python3' },
  ],
  ['python3 -m single', ['single.py'], { 'single.py': 'python3' }],
  ['python3 -m single; python3 -m single', ['single.py'], { 'single.py': 'python3' }],
  ['bash scripts/plain', ['scripts/plain'], { 'scripts/plain': 'bash' }],
  ['sh -e scripts/plain', ['scripts/plain'], { 'scripts/plain': 'bash' }],
  ['. scripts/x.sh; check', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['bash -c "jq -f filter.jq"', ['filter.jq'], {}],
  ['timeout 5 ./scripts/x.sh || exit 2', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['jq -f filter.jq <rules.json', ['filter.jq', 'rules.json'], {}],
  ['bash <scripts/x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['case $1 in a|missing/x.sh) guard.py;; esac', ['guard.py'], {}],
  [
    'env -u NAME guard.py \\\n  || \\\n  ./scripts/x.sh',
    ['guard.py', 'scripts/x.sh'],
    { 'scripts/x.sh': 'bash' },
  ],
  ['cd "$CLAUDE_PROJECT_DIR" && ./scripts/x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['cd scripts && ./x.sh', ['scripts/x.sh'], { 'scripts/x.sh': 'bash' }],
  ['cat x | python3 guard.py >/tmp/out 2>&1', ['guard.py'], { 'guard.py': 'python3' }],
])('%s', (command, paths, runs) => {
  expect(found(command)).toEqual({ paths, runs, problems: [], usesFolder: true });
});

it('the text of a here-string is no file', () => {
  const { paths, problems } = found('python3 <<< "print(1)"; bash -s <<< "exit 2"');
  expect([paths, problems]).toEqual([[], []]);
});

it('a module that is started twice is looked for once', () => {
  const list = vi.fn(files.list);
  const { paths } = namedFiles('python3 -m single; python3 -m single; python3 -m pkg', '', {
    ...project,
    files: { ...files, list },
  });
  expect([...paths].sort()).toEqual(['pkg/__main__.py', 'pkg/data.txt', 'pkg/mod.py', 'single.py']);
  expect(list.mock.calls.map(([folder]) => folder)).toEqual(['single', 'pkg']);
});

it('a command that starts in a folder names files from there', () => {
  expect(found('./x.sh', 'scripts').paths).toEqual(['scripts/x.sh']);
  expect(found('python3 -m mod', 'pkg').paths).toEqual(['pkg/mod.py']);
});

it.each([
  'exit 2',
  'jq .tool_input.command',
  'echo rules',
  'cat /etc/os-release missing.txt',
  'cd /tmp',
  'cd',
  'cd $X && ls',
  'echo x >log',
  'SELF=.; $SELF/x a',
  '$(echo /bin)/cat',
  '$SELF',
  '$BASH_SOURCE/x',
  '. "$LIB"',
  '. $LIB/x.sh',
  'python3 -c pass',
  'python3 --version',
  'bash /tmp/x.sh',
  'bash',
  '/usr/bin/jq .',
  'echo "a b.txt"',
  'echo x >x.sh; bash x.sh',
])('%s takes nothing and wants nothing', (command) => {
  const { usesFolder: _, ...rest } = found(command);
  expect(rest).toEqual({ paths: [], runs: {}, problems: [] });
});

it.each([
  ['$SELF/x a', 'needs the variable SELF, which neither a sandbox nor this hook sets'],
  [`\${SELF:?}/x a`, 'needs the variable SELF'],
  [`\${X:-$Y}/x`, 'needs the variable Y'],
  [
    './nope.sh',
    "needs the file ./nope.sh, which is not in the project's folder /home/me/app: name the folder",
  ],
  ['bash ../x.sh', "needs the file ../x.sh, which is outside of the project's folder"],
  ['/opt/acme/guard --fast', 'needs the file /opt/acme/guard, which is outside'],
  ['~/.claude/x.sh', 'needs the file ~/.claude/x.sh, which is outside'],
  ['. $CLAUDE_PROJECT_DIR/none.sh', 'needs the file $CLAUDE_PROJECT_DIR/none.sh, which is not in'],
  ['./rules.json', './rules.json cannot be started: make it executable'],
  ['scripts/old.py', 'scripts/old.py is run by python, which is not'],
  [
    'python3 -m acme.guard',
    "the python module acme.guard is not in the sandbox's image, nor in the project: put its package there.",
  ],
  ['python3 -m pkg.nope', 'the python module pkg.nope is not'],
  ['python3 -m', "the python module  is not in the sandbox's image"],
  ['find "$CLAUDE_PROJECT_DIR" -name x', 'needs all of $CLAUDE_PROJECT_DIR: only files'],
  ['./scripts/plain', 'cannot be started'],
  ['python3 guard.py >> /var/log/x', 'writes to /var/log/x, which a sandbox cannot: write below'],
  ['python3 guard.py >> ../log', 'writes to ../log, which'],
  ['jq . >> ~/.claude/log.txt', 'writes to ~/.claude/log.txt, which'],
  ['python3 guard.py >> .log/x', 'writes to .log/x, whose folder a sandbox does not have: make it'],
  ['echo >$CLAUDE_PROJECT_DIR/.log/x', 'writes to $CLAUDE_PROJECT_DIR/.log/x, whose folder'],
])('%s: %s', (command, problem) => {
  expect(found(command).problems).toEqual([expect.stringContaining(problem)]);
});

it.each([
  [
    './scripts/x.sh',
    'needs the file ./scripts/x.sh beside the hook file: send what hookpool bundle prints',
  ],
  ['cat "$CLAUDE_PROJECT_DIR/x"', 'needs the file $CLAUDE_PROJECT_DIR/x beside'],
  [
    'python3 -m acme',
    "the python module acme is not in the sandbox's image, and came without files",
  ],
])('without files, %s: %s', (command, problem) => {
  const { problems } = namedFiles(command, '', { ...project, files: undefined });
  expect(problems).toEqual([expect.stringContaining(problem)]);
});

it('files that came with a document have no place of their own', () => {
  const { problems } = namedFiles('./nope.sh', '', { files: projectOf({}), folders: [] });
  expect(problems).toEqual([
    expect.stringContaining(
      'which is not in its files: send what hookpool bundle --project DIR prints',
    ),
  ]);
});

it('what may not be read is told once; a bug is not', () => {
  const refusing = (error: Error) => ({
    ...files,
    read: () => {
      throw error;
    },
  });
  const { problems } = namedFiles('./a.sh ./a.sh', '', {
    files: refusing(new InvalidInputError('TOO_LARGE', 'a.sh is too large.')),
    folders: [],
  });
  expect(problems).toContain('a.sh is too large.');
  expect(() =>
    namedFiles('./a.sh', '', { files: refusing(new TypeError('x')), folders: [] }),
  ).toThrow(TypeError);
});
