/** Scripts that read files by names that they compute. */
import { describe, expect, it } from 'vitest';
import { filesBelow, filesOfFolders } from '../../src/bundling/computed-names.ts';
import { type HookSettings, inProject } from '../../src/bundling/in-project.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { maxBundleBytes, maxBundleFiles } from '../../src/protocol/bundle.ts';
import { projectOf } from './samples.ts';

function read(command: string, files: Record<string, string>, settings: HookSettings = {}) {
  const place = {
    dialect: 'claude-code',
    files: projectOf(files, { folder: '/w', home: '/home/me' }),
  };
  const found = inProject({ runtime: 'bash', source: command }, { command, ...settings }, place);
  return {
    taken: found.script.bundle?.files.map(({ path }) => path) ?? [],
    problems: found.problems.map(([, message]) => message),
    warnings: [...found.warnings.map(([, message]) => message), ...found.ofProject],
  };
}

const config = { 'config/Bash.txt': 'rm', 'config/more/Edit.txt': '', 'other/x.txt': '' };
const below = ['config/Bash.txt', 'config/more/Edit.txt'];

const shell: readonly [string, string][] = [
  ['[ -f "config/$t.txt" ] && exit 2', 'config/$t.txt'],
  ['for f in config/*.txt; do grep -q x "$f"; done', 'config/*.txt'],
  ['grep -qf "./config/$name.txt"', './config/$name.txt'],
  ['while read -r l; do :; done < "./config/$name.txt"', './config/$name.txt'],
  ['cat "$CLAUDE_PROJECT_DIR/config/$name.txt"', 'config/$name.txt'],
  ['f="config/$name.txt"; cat "$f"', 'config/$name.txt'],
  ['cat config/{a,b}.txt', 'config/{a,b}.txt'],
  ['cat "config/$(jq -r .tool_name).txt"', 'config/$(jq -r .tool_name).txt'],
  [`python3 -c 'open(f"config/{name}.txt")'`, 'config/{name}.txt'],
];

const python: readonly [string, string][] = [
  ['try:\n  open(f"./config/{name}.txt")\nexcept OSError: sys.exit(0)', './config/{name}.txt'],
  ['open(os.path.join("config", tool + ".txt"))', 'config/'],
  ['open(Path(__file__).parent.parent / "config" / f"{name}.txt")', 'config/'],
  ['path = f"config/{name}.txt"\nif os.path.exists(path): pass', 'config/{name}.txt'],
];

describe.each([
  ['sh', shell],
  ['py', python],
])('the folder of a computed name of a script in %s', (ending, texts) => {
  const run = `${ending === 'py' ? 'python3' : 'bash'} h/g.${ending}`;

  it.each(texts)('goes along: %j', (text) => {
    const files = { [`h/g.${ending}`]: text, ...config };
    expect(read(run, files)).toEqual({
      taken: [...below, `h/g.${ending}`],
      problems: [],
      warnings: [],
    });
  });

  it.each(texts)('is told where it is not there: %j', (text, name) => {
    const { warnings } = read(run, { [`h/g.${ending}`]: text });
    expect(warnings).toEqual([
      expect.stringMatching(/^h\/g\.\w+:\d: .* does not go along: name what is needed in files\.$/),
    ]);
    expect(warnings[0]).toContain(`: ${name} does`);
  });
});

describe('a command', () => {
  it.each(shell)('takes the folder of a computed name along: %j', (text) => {
    expect(read(text, config)).toEqual({ taken: below, problems: [], warnings: [] });
  });

  it('reads below its working folder', () => {
    const files = { 'a/config/x.txt': '', 'a/y.txt': '' };
    const { taken } = read('cat "config/$x.txt"', files, { workingDir: 'a' });
    expect(taken).toEqual(['a/config/x.txt', 'a/y.txt']);
  });

  it('without files tells the name', () => {
    const place = { dialect: 'claude-code', files: undefined };
    const source = 'cat "config/$x.txt"';
    const { ofProject } = inProject({ runtime: 'bash', source }, { command: source }, place);
    expect(ofProject).toEqual([expect.stringContaining('config/$x.txt does not')]);
  });

  it.each(['cat "$CLAUDE_PROJECT_DIR/$x"', 'cat ./*'])(
    'never takes the whole project along, and tells it: %s',
    (text) => {
      const { taken, warnings } = read(text, config);
      expect(taken).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining('does not go along')]);
    },
  );
});

it('a library that is sourced by its plain name and is not there is told', () => {
  expect(read('bash h/g.sh', { 'h/g.sh': '. lib2.sh' }).warnings).toEqual([
    'h/g.sh:1: lib2.sh does not go along: name what is needed in files.',
  ]);
});

describe('a folder stays out as a whole, and that is told,', () => {
  const many = Array.from({ length: maxBundleFiles + 1 }, (_, i) => [`config/${i}.txt`, '']);
  it.each<[string, Record<string, string>]>([
    ['with more files than a bundle', Object.fromEntries(many)],
    [
      'with more bytes than a bundle',
      { 'config/a': '', 'config/b': ' '.repeat(maxBundleBytes + 1) },
    ],
    ['as node_modules', { 'config/node_modules/x': '' }],
    ['when hidden', { 'config/.x': '' }],
  ])('%s', (_, files) => {
    expect(read('bash g.sh', { 'g.sh': 'cat "config/$x"', ...files })).toEqual({
      taken: ['g.sh'],
      problems: [],
      warnings: ['g.sh:1: config/$x does not go along: name what is needed in files.'],
    });
  });

  it('also where one file of it goes along by its name', () => {
    const text = 'cat "config/$x" ./config/1.txt';
    const { taken, warnings } = read('bash g.sh', { 'g.sh': text, ...Object.fromEntries(many) });
    expect(taken).toEqual(['config/1.txt', 'g.sh']);
    expect(warnings).toEqual([expect.stringContaining('config/$x does not go along')]);
  });
});

it('files beyond the limits stay out of a command, and that is told', () => {
  const half = ' '.repeat(maxBundleBytes / 2 + 1);
  const { taken, problems, warnings } = read('cat a/*; cat b/*', { 'a/x': half, 'b/x': half });
  expect({ taken, problems }).toEqual({ taken: ['a/x'], problems: [] });
  expect(warnings).toEqual([
    expect.stringMatching(/^b\/x would exceed/),
    expect.stringContaining('b/* does not go along'),
  ]);
});

it.each(['node_modules', '.git', 'a/__pycache__', '.ssh'])('nothing of %s is read', (folder) => {
  expect(filesBelow(projectOf({ [`${folder}/x`]: '' }), folder)).toEqual([]);
});

it('a file that may not be taken along does not keep the others from it', () => {
  const files = projectOf({ 'a/link': '', 'a/x': '' });
  const strict = (path: string) => {
    if (path === 'a/link') throw new InvalidInputError('INVALID_SCRIPT', 'a/link is a link.');
    return files.read(path);
  };
  expect(filesBelow({ ...files, read: strict }, 'a')).toEqual(['a/x']);
});

it('a text reads from 40 folders at most', () => {
  const folders = Array.from({ length: 41 }, (_, i) => `f${i}`);
  const files = projectOf(Object.fromEntries(folders.map((folder) => [`${folder}/x`, ''])));
  expect(filesOfFolders(files, [...folders, 'f0'])).toHaveLength(40);
});
