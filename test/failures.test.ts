import { expect, it } from 'vitest';
import { failureLines } from './support/failures.ts';
import type { Ended } from './support/phases.ts';

const failed = (name: string, output: string): Ended => ({
  name,
  outcome: 'failed',
  seconds: 1,
  output,
});
const passed: Ended = {
  ...failed('unit', ' FAIL  unit  a.test.ts > old\nError'),
  outcome: 'passed',
};

it('each failed test of a phase is named once, with the first line of its error', () => {
  const output = `
 ✓  unit  b.test.ts (6 tests) 72ms
     × one 13ms (retry x1)
⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯
\u001b[41m\u001b[1m FAIL \u001b[22m\u001b[49m \u001b[42m unit \u001b[49m a.test.ts\u001b[2m > \u001b[22mone
\u001b[31m\u001b[1mAssertionError\u001b[22m: expected 1 to be 2\u001b[39m

- Expected
⎯⎯⎯⎯[1/3]⎯
 FAIL  unit  a.test.ts > one
AssertionError: expected 3 to be 2
 FAIL  unit  a.test.ts > same 1
 FAIL  unit  a.test.ts > same 2
Error: two
lines
⎯⎯⎯⎯⎯ Uncaught Exception ⎯⎯⎯⎯⎯
Error: later
 Test Files  2 failed
`;
  expect(failureLines([passed, failed('side by side', output)])).toEqual([
    'side by side failed:',
    '  unit a.test.ts > one',
    '    AssertionError: expected 1 to be 2',
    '  unit a.test.ts > same 1',
    '  unit a.test.ts > same 2',
    '    Error: two',
    '  Uncaught Exception',
    '    Error: later',
  ]);
});

it('the last lines of a phase that names no test are told, and what one lacks that was not run', () => {
  const output = Array.from({ length: 40 }, (_, n) => `line ${n}\n\n`).join('');
  const lacks: Ended = { name: 'alone', outcome: 'not run', seconds: 0, output: 'It needs x.\n' };
  const lines = failureLines([failed('check', output), lacks]);
  expect(lines.slice(0, 2)).toEqual(['check failed:', '  line 25']);
  expect(lines.slice(-2)).toEqual(['  line 39', 'alone was not run. It needs x.']);
});

it('60 lines are told at most, of every failed phase, and of a line its beginning', () => {
  const output = Array.from({ length: 90 }, (_, n) => ` FAIL  t > ${n}\nError ${n}\n`).join('');
  const lines = failureLines(['one', 'two', 'three'].map((name) => failed(name, output)));
  expect(lines).toHaveLength(60);
  expect(lines.slice(-3)).toEqual(['  t > 8', '    Error 8', '  and 162 lines more']);
  expect(failureLines([failed('long', 'x'.repeat(1_000))])[1]).toHaveLength(302);
});

it('nothing is told where nothing failed', () => {
  expect(failureLines([passed])).toEqual([]);
});
