import { expect, it } from 'vitest';
import {
  insteadOf,
  insteadText,
  isLoose,
  looseNode,
  nodeFiles,
  nodeNames,
  nodeStart,
  withNode,
} from '../../src/bundling/node-start.ts';

it.each<[string, ReturnType<typeof nodeStart>]>([
  ['node x.mjs a', { words: ['x.mjs', 'a'], isQuiet: false }],
  ['node hooks/guard', { words: ['hooks/guard'], isQuiet: false }],
  ['node --no-warnings --max-old-space-size=64 x.ts', { words: ['x.ts'], isQuiet: true }],
  ['node --experimental-strip-types x.ts', { words: ['x.ts'], isQuiet: false }],
  ['node -e 1', undefined],
  ['node --import ./y.mjs x.mjs', undefined],
  ['node', undefined],
  ['bun x.ts', { words: ['x.ts'], instead: 'bun', isQuiet: false }],
  ['bun run x.ts a', { words: ['x.ts', 'a'], instead: 'bun', isQuiet: false }],
  ['bun run build', undefined],
  ['bun --watch x.ts', undefined],
  ['bun test', undefined],
  ['tsx x.ts', { words: ['x.ts'], instead: 'tsx', isQuiet: false }],
  ['npx tsx x.ts', { words: ['x.ts'], instead: 'tsx', isQuiet: false }],
  ['npx -y tsx x.mts a', { words: ['x.mts', 'a'], instead: 'tsx', isQuiet: false }],
  ['bunx tsx x.ts', { words: ['x.ts'], instead: 'tsx', isQuiet: false }],
  ['npx -p tsx tsx x.ts', undefined],
  ['npx prettier x.ts', undefined],
  ['deno run x.ts', undefined],
])('%s', (command, start) => {
  const [program = '', ...given] = command.split(' ');
  expect(nodeStart(program, given)).toEqual(start);
});

it.each<[string, ReturnType<typeof nodeFiles>]>([
  ['--import ./a.mjs b.mjs c.mjs', [at(1, './a.mjs'), at(2, 'b.mjs')]],
  ['-r ./a.cjs --require /p/b.cjs -- b.mjs', [at(1, './a.cjs'), at(3, '/p/b.cjs'), at(5, 'b.mjs')]],
  [
    '--loader=../a.mjs --experimental-loader ./c.mjs b.mjs',
    [at(0, '../a.mjs', '--loader='), at(2, './c.mjs'), at(3, 'b.mjs')],
  ],
  ['--import tsx --conditions dev b.ts', [at(4, 'b.ts')]],
  ['--import $DIR/a.mjs -e 1 x.mjs', [at(1, '$DIR/a.mjs')]],
  ['--input-type=module - x.mjs', []],
  ['--print 1', []],
  ['-r', []],
])('node %s starts these files', (given, files) => {
  expect(nodeFiles(given.split(' '))).toEqual(files);
});

function at(index: number, file: string, option = '') {
  return { at: index, option, file };
}

const file = (text: string) => ({
  path: 'x.ts',
  executable: true,
  content: Buffer.from(text, 'latin1'),
});

it.each([
  ['#!/usr/bin/env bun\n', 'bun'],
  ['#!/usr/bin/env -S npx tsx\nlet x = 1;\n', 'tsx'],
  ['#!/usr/local/bin/bun\n', 'bun'],
  ['#!/usr/bin/env -S bun run', 'bun'],
])('node takes the place of another runtime in the first line %j', (text, instead) => {
  const started = file(text);
  expect(insteadOf(started)).toBe(instead);
  const replaced = withNode(started);
  const [line, ...rest] = Buffer.from(replaced.content).toString().split('\n');
  expect(line).toBe(`#!/usr/bin/env -S ${looseNode} node`);
  expect(rest).toEqual(text.split('\n').slice(1));
  expect(isLoose(replaced)).toBe(true);
});

it.each([
  '#!/usr/bin/env node\n',
  '#!/bin/bash\nbun x.ts',
  'bun',
  '',
  '#!/usr/bin/env -S npx vite',
])('a file that begins with %j stays as it is', (text) => {
  const other = file(text);
  expect(withNode(other)).toBe(other);
  expect(isLoose(other)).toBe(false);
});

it('a command has functions for the runtimes that it names, and for no others', () => {
  expect(nodeNames('node x.mjs; ./tsx/y; bun-x')).toBe('');
  expect(nodeNames('cd a && tsx x.ts')).toMatch(
    /^tsx\(\) \{ NODE_OPTIONS=\S+ node "\$@"; \}; export -f tsx; $/,
  );
  expect(nodeNames('bun x.ts')).toMatch(/^bun\(\) .* export -f bun; $/);
  expect(nodeNames('npx tsx x.ts')).toMatch(/^tsx\(\) .* npx\(\) .* export -f npx; $/);
});

it('the author is told what is missing', () => {
  expect(insteadText('x.ts', 'bun')).toMatch(/^x\.ts runs under node in the place of bun: .*Bun\)/);
  expect(insteadText('x.ts', 'tsx')).not.toContain('Bun');
});
