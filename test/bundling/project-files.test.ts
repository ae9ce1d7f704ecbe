import { expect, it } from 'vitest';
import { isListed } from '../../src/bundling/project-files.ts';
import { projectOf } from './samples.ts';

it('files that came with a document are listed from above to below', () => {
  const project = projectOf({
    'b/y': '',
    'b/1/2/3/4/deep': '',
    'a/.hidden': '',
    'a/node_modules/x': '',
    'b/x': '',
    c: '',
    'bb/x': '',
  });
  expect(project.list('')).toEqual(['c', 'b/x', 'b/y', 'bb/x']);
  expect(project.list('b')).toEqual(['b/x', 'b/y']);
  expect(project.list('b/1')).toEqual(['b/1/2/3/4/deep']);
  expect(project.list('none')).toEqual([]);
  expect([project.read('c')?.path, project.read('d')]).toEqual(['c', undefined]);
});

it.each([
  ['x', true],
  ['.git', false],
  ['node_modules', false],
  ['__pycache__', false],
])('%s is listed: %s', (name, listed) => {
  expect(isListed(name)).toBe(listed);
});
