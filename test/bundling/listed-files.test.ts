import { expect, it } from 'vitest';
import { listedFiles } from '../../src/bundling/listed-files.ts';
import type { ProjectFiles } from '../../src/bundling/project-files.ts';

function project(paths: readonly string[]): ProjectFiles {
  const below = (folder: string) => (path: string) =>
    folder === '' || path.startsWith(`${folder}/`);
  return {
    folder: '/w',
    read: (path: string) =>
      paths.includes(path) ? { path, content: new Uint8Array(), executable: false } : undefined,
    list: (folder: string) => paths.filter(below(folder)),
  } as unknown as ProjectFiles;
}

const files = project(['a/x.sh', 'a/b/y.sh', 'a/b/z.txt', '.env', 'c.sh']);

it.each([
  [['a/x.sh'], ['a/x.sh']],
  [['a/b'], ['a/b/y.sh', 'a/b/z.txt']],
  [['./a/**/*.sh'], ['a/x.sh', 'a/b/y.sh']],
  [['*'], ['.env', 'c.sh']],
  [['/w/a/b'], ['a/b/y.sh', 'a/b/z.txt']],
  [
    ['a/{x,y}.sh', 'c.sh'],
    ['a/x.sh', 'c.sh'],
  ],
])('%j are the files %j', (patterns, paths) => {
  expect(listedFiles(patterns, files)).toMatchObject({ paths, problems: [] });
});

it('a pattern behind ! leaves files out', () => {
  const { isLeftOut } = listedFiles(['!**/*.txt', '!.env'], files);
  expect(['a/b/z.txt', '.env', 'c.sh'].map(isLeftOut)).toEqual([true, true, false]);
});

it.each([
  [['none'], 'files: nothing is called none.'],
  [['../*'], 'files: nothing is called ../*.'],
  [['a/{b'], 'files: the glob "a/{b" has a { that is not closed: write \\{ for the character.'],
  [
    ['!a/@(b)'],
    'files: the glob "a/@(b)" has @(…), which is not supported: write {a,b} for choices, \\( for the character.',
  ],
  [
    ['{\\\\\\\\'],
    'files: the glob "{\\\\\\\\\\\\\\\\" has a { that is not closed: write \\{ for the character.',
  ],
])('%j is a problem', (patterns, problem) => {
  const listed = listedFiles(patterns, files);
  expect(listed).toMatchObject({ paths: [], problems: [problem] });
  expect(listed.isLeftOut('c.sh')).toBe(false);
});

it('without files, a list of them is a problem', () => {
  expect(listedFiles(['a'], undefined).problems).toEqual([
    'There are no files beside this document: send what hookpool bundle prints for it.',
  ]);
  expect(listedFiles([], undefined).problems).toEqual([]);
});

it('many globs over many files end with a problem, in time', () => {
  const many = project(Array.from({ length: 3_000 }, (_, at) => `a/a/a/a/a/a/a/a/a/a/${at}`));
  const { problems } = listedFiles(
    Array.from({ length: 2_000 }, () => '**/a/**/a/**/b'),
    many,
  );
  expect(problems).toEqual(['files: the globs take too many steps: list folders instead.']);
});
