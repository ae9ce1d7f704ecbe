import { expect, it } from 'vitest';
import { warningsOf } from '../../src/files/hook-set.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import {
  type OutboundKnown,
  outboundReason,
  withOutboundWarnings,
} from '../../src/files/outbound-warnings.ts';

const text = JSON.stringify({
  hooks: {
    Stop: [
      { name: 'script', script: 'exit 0' },
      { name: 'service', type: 'http', url: 'https://a.test/x' },
      { name: 'model', type: 'prompt', prompt: 'Is $ARGUMENTS right?' },
    ],
    // This matcher is a rule of permissions, which names no tool.
    PreToolUse: [{ name: 'other', matcher: 'Bash(git:*)', type: 'http', url: 'https://a.test/x' }],
  },
});

function told(known: OutboundKnown | undefined): string[] {
  const set = parseHooksFile('f.json', text, { dialect: 'claude-code' });
  return warningsOf(withOutboundWarnings(set, () => known)).map(({ message }) => message);
}

it('keeps the general warning of each hook of which nothing is known', () => {
  const general = told(undefined);
  for (const kind of ['http', 'prompt'] as const)
    expect(general.filter((one) => one.startsWith(outboundReason({ kind })))).not.toEqual([]);
});

it('takes it away where the hook would run, and leaves other warnings', () => {
  const general = told(undefined);
  const left = told({});
  expect(left.length).toBe(general.length - 3);
  expect(left).toEqual([expect.stringContaining('Bash(git:*)')]);
});

it('tells why a hook would not run, and what it counts as then', () => {
  const why = 'There is no such judge.';
  const those = told({ why }).filter((one) => one.startsWith(why));
  expect(those).toHaveLength(3);
  expect(those[0]).toMatch(/Else it counts as its failMode, (allow|block|ask)\.$/);
});
