import { expect, it } from 'vitest';
import { inProject } from '../../src/bundling/in-project.ts';
import { namedFiles } from '../../src/bundling/named-files.ts';
import { projectOf } from './samples.ts';

const files = projectOf(
  {
    'h/b.sh': '#!/bin/bash\n',
    'h/c.sh': '#!/bin/bash\n',
    'h/d/e.sh': '',
    'h/x.py': '',
    'h/plain': '#!/bin/sh\n',
  },
  { folder: '/w' },
);

function found(command: string) {
  const { runs, problems, warnings } = namedFiles(command, '', { files, folders: ['DIR'] });
  return { runs: [...runs.keys()].sort(), problems, warnings };
}

it.each([
  'env -u FOO bash h/b.sh',
  'timeout -s KILL 5 h/b.sh',
  'bash -o pipefail h/b.sh',
  'env -S "bash h/b.sh"',
  'D=h; bash $D/b.sh',
  'export D=h E=x; "$D/b.sh"',
  'D=$DIR/h; bash "$D/b.sh"',
  'for f in h/b.sh; do bash "$f"; done',
  'for f in h/b.sh; do "$f"; done',
  'for f in h/b*.sh; do bash "$' + '{f}"; done',
  'bash "$(pwd)/h/b.sh"',
  'cd h && bash "$(pwd -P)/b.sh"',
])('%s starts h/b.sh', (command) => {
  expect(found(command)).toEqual({ runs: ['h/b.sh'], problems: [], warnings: [] });
});

it('a glob names the files of its own folder', () => {
  expect(found('for f in h/*.sh; do bash "$f"; done').runs).toEqual(['h/b.sh', 'h/c.sh']);
  expect(found('bash ~/none/*.sh').warnings).toHaveLength(1);
  expect(found('bash *.sh').runs).toEqual([]);
  expect(namedFiles('bash h/*.sh', '', { files: undefined, folders: [] }).runs.size).toBe(0);
});

it.each([
  ['D=$(dirname "$P"); bash "$D/b.sh"', 'starts $D/b.sh, whose file the command computes'],
  ['D=i; D=j; python3 $D/x.py', 'starts $D/x.py, whose file the command computes'],
  ['ls h | while read -r f; do bash "$f"; done', 'starts $f, whose file the command computes'],
  ['bash "$1"', 'starts $1, whose file'],
  ['D=none; bash $D/b.sh', 'needs the file $D/b.sh, which is not in the project'],
])('%s runs with the warning %s', (command, warning) => {
  expect(found(command)).toEqual({
    runs: [],
    problems: [],
    warnings: [expect.stringContaining(warning)],
  });
});

it.each([
  ['bash "$NONE/b.sh"', 'needs the variable NONE'],
  ['bash "$NONE"', 'needs the variable NONE'],
  ['chmod -x h/plain; h/none', 'needs the file h/none'],
  ['chmod 644 h/plain; h/plain', 'make it executable'],
])('%s has the problem %s', (command, problem) => {
  expect(found(command)).toMatchObject({ problems: [expect.stringContaining(problem)] });
});

it.each(['chmod +x h/plain; h/plain', 'chmod 755 h/p* ~/x; h/plain; h/b.sh'])(
  '%s gives the file the permission from the start',
  (command) => {
    const beside = { dialect: 'claude-code', files };
    const { script, problems } = inProject(
      { runtime: 'bash', source: command },
      { command },
      beside,
    );
    expect(problems).toEqual([]);
    const plainFile = script.bundle?.files.find(({ path }) => path === 'h/plain');
    expect(plainFile).toMatchObject({ executable: true });
    const plain = inProject(
      { runtime: 'bash', source: 'cat h/plain' },
      { command: 'cat h/plain' },
      beside,
    );
    expect(plain.script.bundle?.files).toMatchObject([{ executable: false }]);
  },
);

it('a name of any length ends with an answer', () => {
  const long = 'N'.repeat(50_000);
  expect(found(`$${long}/x; bash $${long}/x`).problems).toEqual([]);
  expect(found(`D=${long}; bash $D/x`).warnings).toHaveLength(1);
  const command = `echo $CLAUDE_${long}`;
  expect(
    inProject({ runtime: 'bash', source: command }, { command }, { dialect: 'claude-code', files }),
  ).toMatchObject({ problems: [], warnings: [] });
});

it('the words of many loops and globs are followed to a limit, with a warning', () => {
  const words = 'h/c.sh '.repeat(200);
  const loops = `for f in ${words}; do ${'bash "$f"; '.repeat(60)} done; bash h/b*.sh`;
  expect(found(loops)).toEqual({
    runs: ['h/c.sh'],
    problems: [],
    warnings: [expect.stringContaining('starts $f'), expect.stringContaining('starts h/b*.sh')],
  });
});

it('a script that the command writes below /tmp is no file of the project', () => {
  expect(found('D=/tmp/x; bash $D/b.sh')).toEqual({ runs: [], problems: [], warnings: [] });
});
