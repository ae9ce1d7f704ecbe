import { describe, expect, it } from 'vitest';
import { type Started, startOf } from '../../src/bundling/start.ts';
import { projectOf } from './samples.ts';

const texts = {
  'x.sh': '#!/usr/bin/env bash\n',
  'dir/x.sh': 'echo',
  'dash.sh': '#!/bin/sh\n',
  'strict.sh': '#!/bin/bash -e\n',
  'told.sh': '(return 0 2>/dev/null) && echo sourced',
  'dir/told.sh': 'caller',
  elf: '\x7FELF',
  'g.py': '#!/usr/bin/env python3\n',
  'pkg/mod.py': '',
  'f.jq': '#!/usr/bin/jq -f\n',
};
const project = projectOf(texts);

function start(command: string, over: Partial<Started> = {}) {
  const taken = new Map(project.list('').map((path) => [path, project.read(path) as never]));
  const surroundings = { folder: '', environment: {} };
  return startOf(command, { surroundings, folders: ['DIR'], place: {}, taken, ...over });
}

const bashStart = /BASH_ARGV0=(\S+); shopt -u sourcepath; \. (.*)\n$/;

describe('in the waiting interpreter', () => {
  it.each([
    ['./x.sh', './x.sh', './x.sh'],
    ["dir/x.sh a 'b c'", 'dir/x.sh', "dir/x.sh a 'b c'"],
    ['bash x.sh', 'x.sh', 'x.sh'],
    ['/bin/bash dash.sh -x', 'dash.sh', 'dash.sh -x'],
    ['"$DIR"/x.sh "$DIR"', '/project/x.sh', '/project/x.sh /project'],
  ])('bash reads what %s names', (command, name, words) => {
    const { runtime, source } = start(command);
    expect([runtime, ...(bashStart.exec(source)?.slice(1) ?? [source])]).toEqual([
      'bash',
      name,
      words,
    ]);
    expect(source).toMatch(/^cd \/project \|\| exit; BASH/);
  });

  it.each([
    [
      './g.py --strict "a b"',
      ['["./g.py","--strict","a b"]', '["/project/./g.py","/project"]', 'None'],
    ],
    ['python3 g.py', ['["g.py"]', '["/project/g.py","/project"]', 'None']],
    [
      '/usr/bin/python3 /project/g.py',
      ['["/project/g.py"]', '["/project/g.py","/project"]', 'None'],
    ],
    ['python dir/../g.py', ['["dir/../g.py"]', '["/project/dir/../g.py","/project"]', 'None']],
    ['python3 -m pkg.mod x', ['["-m","x"]', '["/project","/project"]', '"pkg.mod"']],
  ])('python3 reads what %s names', (command, [argv, path, module]) => {
    const { runtime, source } = start(command);
    expect(runtime).toBe('python3');
    expect(source).toContain(`\nlaunch("/project", {}, ${argv}, ${path}, ${module})\n`);
  });

  it('a folder and variables come first', () => {
    const surroundings = { folder: 'dir', environment: { A: "it's", B: '1' } };
    expect(start('./x.sh', { surroundings }).source).toBe(
      "cd /project/dir || exit; export A='it'\\''s' B=1; BASH_ARGV0=./x.sh; shopt -u sourcepath; . ./x.sh\n",
    );
    expect(start('python3 ../g.py', { surroundings }).source).toContain(
      'launch("/project/dir", {"A":"it\'s","B":"1"}, ["../g.py"], ["/project/dir/../g.py","/project"], None)',
    );
  });

  it("the host's path of a file is that of the sandbox", () => {
    const place = { folder: '/home/me/app', home: '/home/me' };
    expect(start('/home/me/app/x.sh', { place }).source).toContain('BASH_ARGV0=/project/x.sh;');
    expect(start('/home/me/else/x.sh', { place }).source).toContain('/home/me/else/x.sh');
  });
});

it.each([
  ['./dash.sh a', 'exec /bin/sh ./dash.sh a\n'],
  ['sh x.sh', 'exec sh x.sh\n'],
  ['./strict.sh', 'exec /bin/bash -e ./strict.sh\n'],
  ['dir/told.sh', 'exec bash dir/told.sh\n'],
  ['./f.jq', 'exec /usr/bin/jq -f ./f.jq\n'],
  ['bash told.sh "a b"', "exec bash told.sh 'a b'\n"],
  ['bash -e x.sh', 'exec bash -e x.sh\n'],
  ['python -u g.py', 'exec python3 -u g.py\n'],
  ['python3 -m json.tool', 'exec python3 -m json.tool\n'],
  ['python3', 'exec python3\n'],
])('the waiting bash becomes %s', (command, line) => {
  expect(start(command)).toEqual({ runtime: 'bash', source: `cd /project || exit; ${line}` });
});

it('variables that an interpreter reads when it starts need a start', () => {
  const surroundings = { folder: '', environment: { PYTHONPATH: 'lib' } };
  expect(start('python3 g.py', { surroundings }).source).toBe(
    'cd /project || exit; export PYTHONPATH=lib; exec python3 g.py\n',
  );
});

it.each([
  ['./x.sh | cat', './x.sh | cat'],
  ['jq -f f.jq', 'jq -f f.jq'],
  ['./elf x', './elf x'],
  ['A=1 ./x.sh', 'A=1 ./x.sh'],
  ['cat | python g.py', 'python() { python3 "$@"; }; export -f python; cat | python g.py'],
  ['# python3\nx', '# python3\nx'],
])('%j stays a text of bash', (command, text) => {
  expect(start(command)).toEqual({ runtime: 'bash', source: `cd /project || exit; ${text}` });
});

it('without files and variables nothing is added', () => {
  const surroundings = { folder: undefined, environment: {} };
  expect(start('exit 2', { surroundings, taken: new Map() })).toEqual({
    runtime: 'bash',
    source: 'exit 2',
  });
});

it("the folder's name on the host is replaced in a text, and no other name", () => {
  const place = { folder: '/a.b', home: '/home' };
  expect(start('cat /a.b/x; cd "/a.b"; cat /axb/x /a.bc /x/a.b/y', { place }).source).toContain(
    'cat /project/x; cd "/project"; cat /axb/x /a.bc /x/a.b/y',
  );
  expect(start('cat /x | cat', { place: { folder: '/' } }).source).toContain('cat /x | cat');
});
