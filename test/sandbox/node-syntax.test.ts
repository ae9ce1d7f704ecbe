import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { nodeChecker } from '../../src/sandbox/node-syntax.ts';

it.each([
  ['hooks/x.mjs', 'module', false],
  ['hooks/x.cjs', 'commonjs', false],
  ['x.mts', 'module', true],
  ['x.ts', '', true],
  ['the script', '', false],
])('%s is read as a module of kind "%s", with types: %s', (name, kind, types) => {
  expect(nodeChecker(name)).toContain(`const kind = "${kind}";\nconst types = ${types};\n`);
});

/** This node may be older than that of the image, which is asked in the sandbox's own tests. */
it('the checker is a script that node reads', () => {
  const script = nodeChecker('the script');
  expect(spawnSync(process.execPath, ['--check', '-'], { input: script }).status).toBe(0);
});
