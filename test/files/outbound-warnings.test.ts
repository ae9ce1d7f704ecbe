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
      { name: 'none', type: 'http', url: 'https://a.test/x', async: true, once: true },
      { name: 'service', type: 'http', url: 'https://a.test/x' },
      { name: 'model', type: 'prompt', prompt: 'Is $ARGUMENTS right?' },
    ],
  },
});

function told(known: OutboundKnown | undefined): string[] {
  const set = parseHooksFile('f.json', text);
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
  expect(general).toEqual(expect.arrayContaining(left));
});

it('tells why a hook would not run, and what it counts as then', () => {
  const why = 'There is no such judge.';
  const those = told({ why }).filter((one) => one.startsWith(why));
  expect(those).toHaveLength(3);
  expect(those[0]).toMatch(/Else it counts as its failMode, (allow|block|ask)\.$/);
});
