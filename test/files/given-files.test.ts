import { describe, expect, it } from 'vitest';
import { toFilesMessage } from '../../src/files/given-files.ts';
import { InvalidHooksError, parseHooksFile } from '../../src/files/hooks-file.ts';
import type { Problem } from '../../src/files/source-document.ts';
import { scriptOf } from '../../src/protocol/action.ts';
import { titleOf } from '../support/titles.ts';

const hooks = { Stop: [{ command: './x.sh' }] };
const files = {
  'x.sh': { content: '#!/bin/bash\ncat lib.txt' },
  'lib.txt': { contentBase64: 'AP8=' },
};

function read(value: object) {
  return parseHooksFile('f', JSON.stringify(value)).hooks.map(({ hook }) => scriptOf(hook));
}

function refusal(value: object): readonly Problem[] {
  try {
    parseHooksFile('f', JSON.stringify(value));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidHooksError)) throw error;
    return error.problems;
  }
}

function problemsOf(value: object): string[] {
  return refusal(value).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('files beside the hooks', () => {
  const taken = [
    { path: 'lib.txt', executable: false, content: Buffer.from([0, 255]) },
    { path: 'x.sh', executable: true, content: Buffer.from('#!/bin/bash\ncat lib.txt') },
  ];

  it('are taken along, and executable where they look so', () => {
    expect(read({ hooks, files })).toMatchObject([{ bundle: { files: taken } }]);
  });

  it('are what they say where they say it', () => {
    expect(
      read({
        hooks: { Stop: [{ command: 'bash x' }] },
        files: { x: { content: '#!', executable: false } },
      }),
    ).toMatchObject([{ bundle: { files: [{ path: 'x', executable: false }] } }]);
  });

  it('go with a file of any format as a text', () => {
    const document = JSON.stringify({
      permissions: {},
      hooks: { Stop: [{ hooks: [{ command: './x.sh' }] }] },
    });
    expect(read({ document, files })).toMatchObject([{ bundle: { files: taken } }]);
    expect(
      read({ document: '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ncommand = "./x.sh"\n', files }),
    ).toHaveLength(1);
  });

  it('are written as they are read', () => {
    expect(toFilesMessage(taken)).toEqual(toFilesMessage([...taken].reverse()));
    expect(toFilesMessage(taken)).toEqual({
      'lib.txt': { contentBase64: 'AP8=', executable: false },
      'x.sh': { content: '#!/bin/bash\ncat lib.txt', executable: true },
    });
  });

  const refused: readonly [object, string][] = [
    [{ hooks, files: [] }, '1:50 files: Invalid input'],
    [{ hooks, files: { a: {} } }, '1:55 files.a: give one of content and contentBase64.'],
    [{ hooks, files: { a: { content: '', contentBase64: '' } } }, 'files.a: give one of'],
    [{ hooks, files: { a: { contentBase64: '-' } } }, 'files.a.contentBase64: Invalid base64'],
    [{ hooks, files: { '../a': { content: '' } } }, '"../a" is no path inside'],
    [
      { hooks, files: { a: { content: 'x'.repeat((1 << 20) + 1) } } },
      'are the most. Put what it needs',
    ],
    [{ document: 'hooks: 1', files }, '1:8 "hooks" must map event names'],
    [{ document: 'hooks: {}', files, kind: 'x' }, 'Unknown key "kind" beside document and files.'],
    [
      { hooks: { Stop: [{ command: './y.sh' }] }, files },
      'needs the file ./y.sh, which is not in its files',
    ],
    [{ hooks }, 'needs the file ./x.sh beside the hook file: send what hookpool bundle prints'],
  ];
  it.each(
    refused.map(([value, problem]) => [titleOf(JSON.stringify(value)), problem, value] as const),
  )('%s is refused: %s', (_, problem, value) => {
    const found = problemsOf(value);
    expect(found).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[object, (string | number)[]]>([
    [{ document: 'hooks: 1', files }, ['document']],
    [{ document: 'hooks: [', files }, ['document']],
    [{ document: '[hooks]\nStop = 1\n', files }, ['document']],
    [{ document: JSON.stringify({ document: 'hooks: 1', files }), files }, ['document']],
    [{ document: 'hooks: {}', files, kind: 'x' }, ['kind']],
    [{ document: 'hooks: {}', files: { a: {} } }, ['files', 'a']],
  ])('%j is refused at a path that ends at the text of a document: %j', (value, path) => {
    expect(refusal(value).map((problem) => problem.path)).toEqual([path]);
  });

  it('a later problem with a script of such a text is at that text', () => {
    const [loaded] = parseHooksFile(
      'f',
      JSON.stringify({ document: 'hooks: {Stop: [{script: if}]}', files }),
    ).hooks;
    expect(loaded?.scriptProblem('m').path).toEqual(['document']);
  });
});
