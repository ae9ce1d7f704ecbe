import { describe, expect, it } from 'vitest';
import { nodeLine, nodeStartedWith, withNodeLine } from '../../src/protocol/node-line.ts';

const place = { workspace: '/home/me/app', cwd: '/home/me/app/src' };

function startOf(source: string) {
  return JSON.parse(source.slice('#!hookpool-node '.length, source.indexOf('\n')));
}

describe('a node script in a workspace', () => {
  it('runs the file of the bundle, in the folder of the event, with the real project', () => {
    const source = `${nodeLine({
      folder: '/project',
      environment: { CLAUDE_PROJECT_DIR: '/project', A: '1', PWD: '/project' },
      folders: ['CLAUDE_PROJECT_DIR'],
      argv: ['hooks/guard.mjs', 'x'],
      isQuiet: true,
    })}\n`;
    expect(startOf(nodeStartedWith({ GIT: '0' }, source, place))).toEqual({
      folder: place.cwd,
      environment: { CLAUDE_PROJECT_DIR: place.workspace, A: '1', PWD: place.cwd, GIT: '0' },
      argv: ['/project/hooks/guard.mjs', 'x'],
      isQuiet: true,
    });
  });

  it('starts in the folder of the project that the hook names', () => {
    const line = { folder: '/project/web', environment: {}, argv: ['/project/web/a.js'] };
    expect(startOf(nodeStartedWith({}, `${nodeLine(line)}\n`, place))).toEqual({
      folder: '/home/me/app/web',
      environment: {},
      argv: ['/project/web/a.js'],
    });
  });

  it.each([
    ['#!/usr/bin/env node\nmain();\n'],
    ['main();\n'],
    ['#!hookpool-node {\nmain();\n'],
    ['#!hookpool-node {"environment":{}}\nmain();\n'],
  ])('of its own text %j starts in the folder of the event', (source) => {
    const started = nodeStartedWith({ A: '1' }, source, place);
    expect(started.split('\n').slice(1).join('\n')).toBe('main();\n');
    expect(startOf(started)).toEqual({ folder: place.cwd, environment: { A: '1' } });
  });
});

it('more variables leave the rest of a start as it is', () => {
  const line = { folder: '/project', environment: { A: '1' }, argv: ['x.js'] };
  expect(startOf(nodeStartedWith({ B: '2' }, `${nodeLine(line)}\n`))).toEqual({
    ...line,
    environment: { A: '1', B: '2' },
  });
});

it('the line takes the place of a shebang, so that lines keep their numbers', () => {
  const line = '#!hookpool-node {"environment":{}}';
  expect(withNodeLine('#!/usr/bin/node\na', { environment: {} })).toBe(`${line}\na`);
  expect(withNodeLine('a', { environment: {} })).toBe(`${line}\na`);
});
