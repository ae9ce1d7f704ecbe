import { expect, it } from 'vitest';
import { calledBy } from '../../src/bundling/called.ts';

it.each<[string, string, string[], boolean]>([
  ['a b', 'a', ['b'], false],
  ['/usr/bin/a', 'a', [], false],
  ['X=1 Y+=2 a', 'a', [], false],
  ['X=1', '', [], false],
  ['env X=1 a b', 'a', ['b'], true],
  ['env -u NAME -C folder a b', 'a', ['b'], true],
  ['timeout -k 5 -s KILL 10s a -c', 'a', ['-c'], true],
  ['xargs -0 -I {} a', 'a', [], true],
  ['exec env', '', [], true],
])('%j calls %j', (text, program, given, isWrapped) => {
  expect(calledBy(text.split(' '))).toEqual({ program, given, isWrapped });
});
