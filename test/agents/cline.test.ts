import { expect, it } from 'vitest';
import { cline } from '../../src/agents/cline/dialect.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { codesOf, exited, sampleHook } from '../protocol/samples.ts';

const marker = '\n\n[... context truncated due to size limit ...]';

it.each([
  [50_000, 'a'.repeat(50_000), []],
  [50_001, `${'a'.repeat(50_000)}${marker}`, ['context-cut']],
])('of a context of %i characters 50,000 are handed on', (length, expected, codes) => {
  const output = JSON.stringify({ contextModification: 'a'.repeat(length) });
  const { additionalContext, diagnostics } = decide(
    cline,
    sampleHook({ event: 'PreToolUse' }),
    exited(0, output),
  );
  expect(additionalContext === expected).toBe(true);
  expect(codesOf(diagnostics)).toEqual(codes);
});
