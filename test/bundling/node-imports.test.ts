import { describe, expect, it } from 'vitest';
import { importedFiles, importsOf, packageOf } from '../../src/bundling/node-imports.ts';
import { givenFiles } from '../../src/bundling/project-files.ts';

it('imports are those of statements and calls with a plain name, outside of comments', () => {
  const text = `import fs from 'node:fs';
import './side.js';
export { a } from "../a.mjs";
const { b } = require('./b'), c = await import(\`./c.ts\`);
// import x from 'x';
 * require('y')
require(name); import(\`./\${name}.js\`);
`;
  expect(importsOf(text).map(({ specifier }) => specifier)).toEqual([
    'node:fs',
    './side.js',
    '../a.mjs',
    './b',
    './c.ts',
  ]);
});

it('no more than 200 imports are followed', () => {
  expect(importsOf("import 'a';\n".repeat(300))).toHaveLength(200);
});

it.each([
  ['zod', 'zod'],
  ['zod/v4', 'zod'],
  ['@a/b/c', '@a/b'],
  ['fs', undefined],
  ['fs/promises', undefined],
  ['node:sqlite', undefined],
  ['./x', undefined],
  ['#internal', undefined],
  ['data:text/javascript,1', undefined],
])('the package of %s is %s', (specifier, name) => {
  expect(packageOf(specifier)).toBe(name);
});

describe('the files of an import', () => {
  const of = (text: string, names: readonly string[] = []) =>
    importedFiles(
      text,
      'hooks/a',
      givenFiles(names.map((path) => ({ path, executable: false, content: Buffer.from('') }))),
    );
  const scopes = ['hooks/a/package.json', 'hooks/package.json', 'package.json'];

  it('are each package.json that says the type of the text', () => {
    expect(of('')).toEqual(scopes);
  });

  it('have the name as it is, with an ending, in a folder, or with that of TypeScript', () => {
    expect(of("import '../lib/x';")).toEqual(
      expect.arrayContaining(['hooks/lib/x', 'hooks/lib/x.ts', 'hooks/lib/x/index.js']),
    );
    expect(of("import './x.mjs';")).toContain('hooks/a/x.mts');
    expect(of("import '../../../outside.js'; import '../..';")).toEqual(scopes);
  });

  it('are the texts of a package in node_modules', () => {
    const names = ['index.js', 'package.json', 'README.md', 'lib/a.mjs', 'a.d.ts'];
    const some = names.map((name) => `hooks/node_modules/zod/${name}`);
    expect(of("import 'zod/v4'; import 'not-there'; import 'fs';", some)).toEqual([
      ...scopes,
      'hooks/node_modules/zod/index.js',
      'hooks/node_modules/zod/package.json',
      'hooks/node_modules/zod/lib/a.mjs',
    ]);
  });
});
