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
  return startOf(command, { surroundings, folders: ['DIR'], place: {}, taken, runs: [], ...over });
}

/** The start of a bash text: the workspace's folder, where there is one. */
const enter = 'cd "\x24{HOOKPOOL_CWD:-/project}" || exit; ';
/** In a workspace the folder of the bundle, else nothing. */
const own = '\x24{HOOKPOOL_WORKSPACE:+/project/}';

const bashStart = /BASH_ARGV0=(\S+); shopt -u sourcepath; \. (.*)\n$/;

describe('in the waiting interpreter', () => {
  it.each([
    ['./x.sh', `${own}./x.sh`, `${own}./x.sh`],
    ["dir/x.sh a 'b c'", `${own}dir/x.sh`, `${own}dir/x.sh a 'b c'`],
    ['bash x.sh', `${own}x.sh`, `${own}x.sh`],
    ['/bin/bash dash.sh -x', `${own}dash.sh`, `${own}dash.sh -x`],
    ['"$DIR"/x.sh "$DIR"', '/project/x.sh', '/project/x.sh /project'],
  ])('bash reads what %s names', (command, name, words) => {
    const { runtime, source } = start(command);
    expect([runtime, ...(bashStart.exec(source)?.slice(1) ?? [source])]).toEqual([
      'bash',
      name,
      words,
    ]);
    expect(source.startsWith(`${enter}BASH`)).toBe(true);
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
    expect(source).toContain(`\nlaunch("/project", [], {}, ${argv}, ${path}, ${module})\n`);
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
    ['node n.mjs', { NODE_OPTIONS: '--max-old-space-size=9' }, `exec node ${own}n.mjs\n`],
    ['node --import ./n.mjs n.mjs', {}, `exec node --import ${own}./n.mjs ${own}n.mjs\n`],
    ['node -r ./n.mjs n.mjs n.mjs', {}, `exec node -r ${own}./n.mjs ${own}n.mjs n.mjs\n`],
    ['node --import=./n.mjs b.ts', {}, `exec node --import=${own}./n.mjs ${own}b.ts\n`],
    ['node --import tsx n.mjs', {}, `exec node --import tsx ${own}n.mjs\n`],
    ['node --test none.mjs n.mjs', {}, 'exec node --test none.mjs n.mjs\n'],
    ['./early.mjs', {}, `exec node --import ${own}./n.mjs ${own}./early.mjs\n`],
    ['./early.mjs n.mjs', {}, `exec node --import ${own}./n.mjs ${own}./early.mjs n.mjs\n`],
  ])('%s with %j starts a new node', (command, environment, end) => {
    const { runtime, source } = start(command, { surroundings: { folder: '', environment } });
    expect([runtime, source.slice(source.indexOf('exec '))]).toEqual(['bash', end]);
  });

  it('a file that is not there, and a text of the shell, is left to bash', () => {
    expect(start('node other.mjs').runtime).toBe('bash');
    expect(start('cd dir && tsx b.ts').source).toContain('export -f tsx; cd dir && tsx b.ts');
  });

  it('a folder and variables come first', () => {
    const surroundings = { folder: 'dir', folders: ['DIR'], environment: { A: "it's", B: '1' } };
    expect(start('./x.sh', { surroundings }).source).toBe(
      'cd "\x24{HOOKPOOL_WORKSPACE:-/project}"/dir || exit; ' +
        "export DIR=\"\x24{HOOKPOOL_WORKSPACE:-/project}\" A='it'\\''s' B=1; " +
        'BASH_ARGV0=\x24{HOOKPOOL_WORKSPACE:+/project/dir/}./x.sh; shopt -u sourcepath; ' +
        '. \x24{HOOKPOOL_WORKSPACE:+/project/dir/}./x.sh\n',
    );
    expect(start('python3 ../g.py', { surroundings }).source).toContain(
      'launch("/project/dir", ["DIR"], {"A":"it\'s","B":"1"}, ["../g.py"], ["/project/dir/../g.py","/project"], None)',
    );
  });

  it("the host's path of a file is that of the sandbox", () => {
    const place = { folder: '/home/me/app', home: '/home/me' };
    expect(start('/home/me/app/x.sh', { place }).source).toContain('BASH_ARGV0=/project/x.sh;');
    expect(start('/home/me/else/x.sh', { place }).source).toContain('/home/me/else/x.sh');
  });
});

it.each([
  ['./dash.sh a', `exec /bin/sh ${own}./dash.sh a\n`],
  ['sh x.sh', `exec sh ${own}x.sh\n`],
  ['./strict.sh', `exec /bin/bash -e ${own}./strict.sh\n`],
  ['dir/told.sh', `exec bash ${own}dir/told.sh\n`],
  ['./f.jq', `exec /usr/bin/jq -f ${own}./f.jq\n`],
  ['bash told.sh "a b"', `exec bash ${own}told.sh 'a b'\n`],
  ['bash -e x.sh', `exec bash -e ${own}x.sh\n`],
  ['python -u g.py', `exec python3 -u ${own}g.py\n`],
  ['python3 -m json.tool', 'exec python3 -m json.tool\n'],
  ['python3', 'exec python3\n'],
])('the waiting bash becomes %s', (command, line) => {
  expect(start(command)).toEqual({ runtime: 'bash', source: `${enter}${line}` });
});

it('variables that an interpreter reads when it starts need a start', () => {
  const surroundings = { folder: '', environment: { PYTHONPATH: 'lib' } };
  expect(start('python3 g.py', { surroundings }).source).toBe(
    `${enter}export PYTHONPATH=lib; exec python3 ${own}g.py\n`,
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
  expect(start(command)).toEqual({ runtime: 'bash', source: `${enter}${text}` });
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

describe('the files that a text of bash starts', () => {
  const runs = ['x.sh', 'dir/x.sh'];

  it.each([
    ['./x.sh | cat', `${own}./x.sh | cat`],
    ['bash dir/x.sh || exit 2', `bash ${own}dir/x.sh || exit 2`],
    ['a=$(bash "dir/x.sh"); echo $a', `a=$(bash "${own}dir/x.sh"); echo $a`],
    ['"$DIR"/x.sh | cat', '/project/x.sh | cat'],
    ['"$DIR/dir/x.sh" | cat', '"/project/dir/x.sh" | cat'],
    ['bash "\x24{DIR:-.}/x.sh" | cat', 'bash "/project/x.sh" | cat'],
    ['"\x24{DIR}"/x.sh;:', '/project/x.sh;:'],
    ['node --import=./x.sh x.sh | cat', `node --import=${own}./x.sh ${own}x.sh | cat`],
    ['node --file=./x.sh | cat', 'node --file=./x.sh | cat'],
  ])('are those of the bundle: %s', (command, text) => {
    expect(start(command, { runs }).source).toBe(`${enter}${text}`);
  });

  it.each([
    'cat "$DIR"/f.jq | cat',
    'case $f in *x.sh) exit 2;; esac',
    '[[ $f == "$DIR/x.sh.bak" ]] && exit 2',
    '"$DIRS"/x.sh | cat',
    "echo 'x.sh'; cat $A/x.sh",
  ])('and no other words: %s', (command) => {
    expect(start(command, { runs }).source).toContain(command);
  });

  it('below a working folder are named from there', () => {
    const surroundings = { folder: 'dir', environment: {} };
    expect(start('./x.sh | cat', { runs, surroundings }).source).toContain(
      '\x24{HOOKPOOL_WORKSPACE:+/project/dir/}./x.sh | cat',
    );
    expect(
      start('"$DIR"/x.sh | cat', { runs: ['x.sh'], surroundings, folders: [] }).source,
    ).toContain('"$DIR"/x.sh | cat');
  });
});
