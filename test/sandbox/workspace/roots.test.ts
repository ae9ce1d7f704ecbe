import { symlinkSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { isInside, readRoots } from '../../../src/sandbox/workspace/roots.ts';
import { workspaceFolder } from '../../support/workspace-folder.ts';

const made = workspaceFolder();
const app = made.folder('app');
const inner = made.folder('app/inner');
const note = made.file('note.txt', '');
symlinkSync(app, `${made.path}/link`);
symlinkSync('/etc', `${made.path}/etc`);
afterAll(() => made.remove());

describe('a root', () => {
  it.each([
    [app, app],
    [`${app}/`, app],
    [`${app}/../app/.`, app],
    [`${made.path}/link`, app],
  ])('%s is the real folder', (written, path) => {
    expect(readRoots([written])).toEqual([{ path, each: false }]);
  });

  it('with a star stands for each folder in it', () => {
    expect(readRoots([`${made.path}/*`])).toEqual([{ path: made.path, each: true }]);
  });

  it('inside of another one comes before it', () => {
    const [first, second] = readRoots([app, inner]);
    expect([first?.path, second?.path]).toEqual([inner, app]);
  });

  it.each([
    ['', 'A name is empty'],
    ['/none-of-this-name', 'cannot be read'],
    [note, 'is not a folder'],
    ['/', 'it holds /proc'],
    ['/*', 'it holds /proc'],
    ['/var', 'it holds /var/'],
    ['/opt', 'it holds /opt/hookpool'],
    ['/proc/self', '/proc is a part of every sandbox'],
    ['/tmp', '/tmp is a part of every sandbox'],
    ['/usr/bin', '/usr is a part'],
    ['/dev/../dev', '/dev is a part'],
    [`${made.path}/etc`, '/etc is a part'],
  ])('is not %j', (written, message) => {
    // Not every machine has a folder for each name.
    const texts = message.startsWith('it holds /opt') ? [message, 'cannot be read'] : [message];
    expect(() => readRoots([written])).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expect.stringMatching(new RegExp(texts.join('|'))),
      }),
    );
  });

  it('is named once, and 64 are the most', () => {
    expect(() => readRoots([app, `${made.path}/link`])).toThrow(`${app} is named twice`);
    expect(() => readRoots(Array(65).fill(app))).toThrow('64 are the most');
  });
});

it.each([
  ['/a/b', '/a/b', true],
  ['/a/b/c', '/a/b', true],
  ['/a/bc', '/a/b', false],
  ['/a', '/a/b', false],
  ['/a', '/', true],
  ['/A/b', '/a', false],
])('%s inside of %s: %s', (one, folder, expected) => {
  expect(isInside(one, folder)).toBe(expected);
});
