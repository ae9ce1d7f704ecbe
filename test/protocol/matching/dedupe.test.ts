import { expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import { withoutDuplicates } from '../../../src/protocol/matching/dedupe.ts';
import { modelHook, sampleHook } from '../samples.ts';

/** Variants that decide differently: under no rule does one of them replace the other. */
const deciding = ['closed', 'async', 'once', 'strict', 'sequential', 'patient'];
const one = sampleHook({ name: 'Stop[0]' });
const variants: Readonly<Record<string, Hook>> = {
  same: sampleHook({ name: 'Stop[1]' }),
  numbered: sampleHook({ name: 'Stop[0]#2' }),
  named: sampleHook({ name: 'audit' }),
  slower: sampleHook({ name: 'Stop[1]', timeoutMs: 1 }),
  other: sampleHook({ name: 'Stop[1]', script: { runtime: 'bash', source: 'exit 2' } }),
  closed: sampleHook({ name: 'Stop[1]', failMode: 'block' }),
  waited: sampleHook({
    name: 'Stop[1]',
    async: false,
    once: false,
    strictOutput: false,
    sequential: false,
  }),
  async: sampleHook({ name: 'Stop[1]', async: true }),
  once: sampleHook({ name: 'Stop[1]', once: true }),
  strict: sampleHook({ name: 'Stop[1]', strictOutput: true }),
  sequential: sampleHook({ name: 'Stop[1]', sequential: true }),
  patient: sampleHook({ name: 'Stop[1]', maxRejections: 3 }),
  prompt: modelHook({ name: 'Stop[1]' }),
};

it.each([
  ['codex', Object.keys(variants)],
  ['docker-agent', ['other', ...deciding, 'prompt']],
  ['gemini-cli', ['named', 'other', ...deciding, 'prompt']],
  ['claude-code', ['named', 'slower', 'other', ...deciding, 'prompt']],
])('under %s only these run beside the first: %j', (name, kept) => {
  const runs = ([, hook]: [string, Hook]) =>
    withoutDuplicates(findDialect(name), [one, hook]).length === 2;
  expect(
    Object.entries(variants)
      .filter(runs)
      .map(([key]) => key),
  ).toEqual(kept);
});

it('a hook without a script is never a duplicate', () => {
  const prompt = modelHook();
  expect(withoutDuplicates(findDialect('crush'), [prompt, prompt])).toHaveLength(2);
});
