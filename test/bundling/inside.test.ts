import { expect, it } from 'vitest';
import { folderOf, insideProject, nameOf } from '../../src/bundling/inside.ts';

const place = { folder: '/home/me/app', home: '/home/me' };

it.each([
  ['x.sh', '', 'x.sh'],
  ['./a//b/./c', '', 'a/b/c'],
  ['../x.sh', 'hooks', 'x.sh'],
  ['x.sh', 'a/b', 'a/b/x.sh'],
  ['.', 'a', 'a'],
  ['..', 'a', ''],
  ['/home/me/app/a/x', 'b', 'a/x'],
  ['/home/me/app', 'b', ''],
  ['/project/a/../x', 'b', 'x'],
  ['~/app/x', '', 'x'],
])('%s from %j is %j', (path, base, inside) => {
  expect(insideProject(path, base, place)).toBe(inside);
});

it.each([
  '..',
  '../x',
  'a/../../x',
  '/etc/passwd',
  '/home/me/apper/x',
  '/project/../x',
  '~/x',
  '~',
  '~root/x',
  '/home/me/app/../x',
])('%s is outside', (path) => {
  expect(insideProject(path, '', place)).toBeUndefined();
});

it('without a place only relative paths and those of a sandbox are inside', () => {
  expect(insideProject('/home/me/app/x', '', {})).toBeUndefined();
  expect(insideProject('~/x', '', {})).toBeUndefined();
  expect(insideProject('/project/x', '', {})).toBe('x');
});

it('a path is its folder and its name', () => {
  expect([folderOf('a/b/c'), nameOf('a/b/c'), folderOf('c'), nameOf('c')]).toEqual([
    'a/b',
    'c',
    '',
    'c',
  ]);
});
