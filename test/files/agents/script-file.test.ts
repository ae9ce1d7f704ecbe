/** Files that are hooks themselves: scripts of Cline, which have the names of their events. */
import { describe, expect, it } from 'vitest';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { scriptOf } from '../../../src/protocol/action.ts';
import { project, read } from './reading.ts';

const guard = '#!/usr/bin/env bash\n. "$(dirname "$0")/say.sh"\n';
const path = '.clinerules/hooks/PreToolUse';
const files = { [path]: guard, '.clinerules/hooks/say.sh': 'echo \'{"cancel":true}\'\n' };

describe('a script that has the name of an event', () => {
  it('is the hook of this event, with the files beside it', () => {
    const { hooks, ...set } = parseHooksFile(path, guard, {}, project(files));
    expect(set).toMatchObject({ format: 'cline-script', dialect: { name: 'cline' } });
    expect(hooks).toMatchObject([
      { hook: { name: 'PreToolUse[0]', event: 'PreToolUse', tier: 'agent', timeoutMs: 30_000 } },
    ]);
    const bundle = hooks.flatMap(({ hook }) => scriptOf(hook)?.bundle?.files ?? []);
    expect(bundle.map((file) => file.path)).toEqual(Object.keys(files));
  });

  it('is found by its path on the disk, which the name for messages may leave out', () => {
    const folder = { ...project(files), folder: '/p' };
    const hint = { path: `/p/${path}` };
    expect(parseHooksFile('PreToolUse', guard, hint, folder).hooks).toHaveLength(1);
  });

  it.each(['/elsewhere/TaskStart', 'TaskStart'])('%s without files runs by itself', (name) => {
    const set = parseHooksFile(name, '#!/bin/bash\nexit 2\n', {}, { ...project({}), folder: '/p' });
    const [loaded] = set.hooks;
    expect(loaded?.hook).toMatchObject({
      event: 'TaskStart',
      action: { script: { runtime: 'bash', source: '#!/bin/bash\nexit 2\n' } },
    });
    expect(loaded?.scriptProblem('no')).toMatchObject({ line: 1, column: 1, message: 'no' });
  });

  it('is one of Cline when the caller says so, and no other one', () => {
    expect(read(path, guard, 'cline', files)).toMatchObject({ format: 'cline-script' });
    expect(read(path, guard, 'cursor', files).format).toBeUndefined();
  });

  it('has its problems at its start, and counts as its failMode', () => {
    const script = '#!/usr/bin/env ruby\nprocess.exit(2)\n';
    const { hooks } = parseHooksFile(path, script, {}, project({ [path]: script }));
    expect(hooks).toMatchObject([
      {
        hook: { action: { kind: 'unsupported', reason: expect.stringContaining('ruby') } },
        warnings: [{ file: path, line: 1, column: 1, message: expect.stringContaining('ruby') }],
      },
    ]);
  });

  it('that calls the bridge refuses the file', () => {
    const script = '#!/bin/bash\nhookpool hook --dialect cline\n';
    const problems = [expect.stringContaining('This is the bridge itself')];
    expect(read(path, script, undefined, { [path]: script })).toMatchObject({ problems });
    expect(read('PreToolUse', script)).toMatchObject({ problems });
  });

  it.each([
    ['PreToolUse', 'hooks: {}'],
    ['Guard', '#!/bin/bash\nhooks: {}'],
    ['pretooluse', '#!/bin/bash\nhooks: {}'],
  ])('%s with %j is a hooks file', (name, text) => {
    expect(read(name, text)).toMatchObject({ format: 'hookpool', problems: [] });
  });
});

describe('a document that brings its files', () => {
  const given = { [path]: { content: guard }, '.clinerules/hooks/say.sh': { content: 'exit 0' } };
  it('may name the path of its file, which tells whose it is', () => {
    const text = JSON.stringify({ document: guard, path, files: given });
    expect(parseHooksFile('f', text).hooks).toMatchObject([{ hook: { event: 'PreToolUse' } }]);
  });

  const cursor = JSON.stringify({ version: 1, hooks: { preToolUse: [{ command: 'exit 0' }] } });
  it('may name its dialect, which the caller may overrule', () => {
    const text = JSON.stringify({ document: cursor, dialect: 'cursor', files: {} });
    expect(parseHooksFile('f', text).format).toBe('cursor-hooks');
    expect(parseHooksFile('f', text, { dialect: 'copilot' }).format).toBe('copilot-hooks');
    expect(() => parseHooksFile('f', JSON.stringify({ document: cursor, files: {} }))).toThrow(
      /could be a file of Copilot or of Cursor/,
    );
  });

  it.each([
    [{ dialect: 'x' }, /dialect must be one of azure/],
    [{ dialect: 1 }, /dialect must be one of azure/],
    [{ path: 1 }, /path must be the path of the file in its project/],
    [{ paths: 'x' }, /Unknown key "paths"/],
  ])('with %j beside it is refused', (keys, problem) => {
    const text = JSON.stringify({ document: cursor, ...keys, files: {} });
    expect(() => parseHooksFile('f', text)).toThrow(problem);
  });
});
