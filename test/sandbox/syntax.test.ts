import { expect, test } from 'vitest';
import { emptyRun, type ScriptRun } from '../../src/protocol/run.ts';
import { syntaxError } from '../../src/sandbox/syntax.ts';

test.each([
  [undefined, 'small'],
  ['full', 'full'],
])('a script of the profile %s is parsed in a sandbox of %s', async (profile, expected) => {
  const asked: ScriptRun[] = [];
  const run = async (script: ScriptRun) => {
    asked.push(script);
    const end = { ...emptyRun('exited'), exitCode: 0 };
    return { run: end, leaseMs: 0, ranIn: { container: 'c' } };
  };
  const script = { runtime: 'node', source: 'main();' } as const;
  expect(await syntaxError(run, script, 'a', profile)).toBeUndefined();
  expect(asked.map(({ tenant, kind }) => [tenant, kind?.profile])).toEqual([['a', expected]]);
});
