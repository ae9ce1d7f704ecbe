import { describe, expect, it } from 'vitest';
import { looseNode } from '../../src/bundling/node-start.ts';
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
  'n.mjs': '#!/usr/bin/env node\n',
  'b.ts': `#!/usr/bin/env -S ${looseNode} node\n`,
  'early.mjs': '#!/usr/bin/env -S node --import ./n.mjs\n',
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

  it.each<[string, readonly string[], object?]>([
    ['node n.mjs', ['n.mjs']],
    ["./n.mjs a 'b c'", ['./n.mjs', 'a', 'b c']],
    ['/usr/local/bin/node "$DIR"/n.mjs', ['/project/n.mjs']],
    ['node --no-warnings n.mjs x', ['n.mjs', 'x'], { isQuiet: true }],
    ['npx tsx n.mjs', ['n.mjs'], { isLoose: true }],
    ['bun run b.ts -x', ['b.ts', '-x'], { isLoose: true }],
    ['./b.ts', ['./b.ts'], { isLoose: true }],
  ])('node runs what %s names', (command, argv, more = {}) => {
    const { runtime, source } = start(command);
    expect(runtime).toBe('node');
    const [, json = ''] = /^#!hookpool-node (.*)\n$/.exec(source) ?? [];
    expect(JSON.parse(json)).toEqual({
      folder: '/project',
      environment: { PWD: '/project' },
      argv,
      ...more,
    });
  });

  it.each([
    ['node n.mjs', { NODE_OPTIONS: '--max-old-space-size=9' }, 'exec node n.mjs\n'],
    ['node --import ./n.mjs n.mjs', {}, 'exec node --import ./n.mjs n.mjs\n'],
    ['./early.mjs', {}, "exec /usr/bin/env '-S node --import ./n.mjs' ./early.mjs\n"],
  ])('%s with %j starts a new node', (command, environment, end) => {
    const { runtime, source } = start(command, { surroundings: { folder: '', environment } });
    expect([runtime, source.slice(source.indexOf('exec '))]).toEqual(['bash', end]);
  });

  it('a file that is not there, and a text of the shell, is left to bash', () => {
    expect(start('node other.mjs').runtime).toBe('bash');
    expect(start('cd dir && tsx b.ts').source).toContain('export -f tsx; cd dir && tsx b.ts');
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
