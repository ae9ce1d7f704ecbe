import { expect, it } from 'vitest';
import { withEntered } from '../../src/bundling/entered-folders.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { projectOf } from './samples.ts';

function entered(folders: string[], place = {}, isLeftOut = (_: string) => false): string[] {
  const files = projectOf(
    { 'a/x.sh': '', 'a/b/y.txt': '', 'a/.env': '', 'a/large': ' '.repeat(65_537), 'c/z': '' },
    place,
  );
  return [...withEntered(files, new Map(), folders, isLeftOut).keys()];
}

it('the small files of a folder go along, the highest first', () => {
  expect(entered(['a', 'a/b', 'none'])).toEqual(['a/x.sh', 'a/b/y.txt']);
  expect(entered([])).toEqual([]);
  expect(entered(['a'], {}, (path) => path === 'a/x.sh')).toEqual(['a/b/y.txt']);
});

it('a file that cannot be read stays out', () => {
  const files = projectOf({ 'a/x': '', 'a/y': '' });
  const read = (path: string) => {
    if (path === 'a/x') throw new InvalidInputError('INVALID_SCRIPT', 'x');
    return files.read(path);
  };
  const all = withEntered({ ...files, read }, new Map(), ['a'], () => false);
  expect([...all.keys()]).toEqual(['a/y']);
});

it('of a home nothing goes along', () => {
  expect(entered(['a'], { folder: '/home/me', home: '/home/me' })).toEqual([]);
});

it('they go along as far as the limits of a bundle allow, and keep what is there', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`a/f${at}`, '']));
  const large = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`b/f${at}`, ' '.repeat(60_000)]),
  );
  const files = projectOf({ ...many, ...large });
  const taken = new Map([['x', { path: 'x', executable: false, content: Buffer.from('x') }]]);
  const all = withEntered(files, taken, ['a'], () => false);
  expect([all.size, [...all.keys()][0]]).toEqual([256, 'x']);
  expect(withEntered(files, taken, ['b'], () => false).size).toBe(18);
});
