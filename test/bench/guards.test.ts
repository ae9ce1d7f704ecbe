import { expect, test } from 'vitest';
import { contextOf, expectBlock } from '../../bench/guards.ts';

test.each([512, 1024, 65_536, 1_048_576])(
  'a context of %i bytes is as long, in one line of JSON',
  (bytes) => {
    const { text, bytes: sent } = contextOf(bytes);
    expect(Math.abs(sent.length - bytes)).toBeLessThan(64);
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toMatchObject({ tool_name: 'Bash' });
  },
);

test.each([
  { decision: 'none', cause: { kind: 'exit-code' } },
  { decision: 'block', cause: { kind: 'fail-mode', code: 'DEADLINE' } },
] as const)('$decision by $cause.kind is no result to be measured', (decision) => {
  expect(() => expectBlock(decision as Parameters<typeof expectBlock>[0])).toThrow('did not block');
});
