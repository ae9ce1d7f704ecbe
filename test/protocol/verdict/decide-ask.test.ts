/** failMode ask: where a person can be asked a hook without a verdict asks; elsewhere it blocks. */
import { expect, it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { dialects } from '../../../src/agents/registry.ts';
import { failureCodes } from '../../../src/protocol/failure-codes.ts';
import { emptyRun } from '../../../src/protocol/run.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { exited, sampleHook } from '../samples.ts';

const asking = (over: Parameters<typeof sampleHook>[0] = {}) =>
  sampleHook({ failMode: 'ask', ...over });

it.each(dialects)('at every event of $name that is so', (dialect) => {
  for (const [event, { canAsk, canBlock }] of Object.entries(dialect.events)) {
    const { decision, cause } = decide(dialect, asking({ event }), emptyRun('timed-out'));
    expect(decision, event).toBe(canAsk ? 'ask' : canBlock ? 'block' : 'none');
    expect(cause, event).toMatchObject({ kind: 'fail-mode', code: 'HOOK_TIMED_OUT' });
  }
});

it.each(failureCodes)('a hook that could not run for %s asks', (code) => {
  expect(decide(azure, asking(), { code, message: 'why' })).toMatchObject({
    decision: 'ask',
    reason: 'Hook guard gave no decision and its failMode is ask: why',
    cause: { kind: 'fail-mode', code, message: 'why' },
  });
});

it.each([
  ['a program that failed on the way to 0', '', 'hook: line 2: git: command not found'],
  ['braces with the name of a verdict', '{decision: block', ''],
  ['a rejection under a misspelt name', '{"Decision":"block","reason":"no"}', ''],
  ['an unknown word', '{"decision":"reject"}', ''],
])('%s is no verdict, as with failMode block', (_, stdout, stderr) => {
  const { decision, cause } = decide(azure, asking(), exited(0, stdout, stderr));
  expect([decision, cause.kind]).toEqual(['ask', 'fail-mode']);
});

it('what the hook says stands: a block, also beside other text, an allow and none', () => {
  const said = (stdout: string, code = 0) => decide(azure, asking(), exited(code, stdout)).decision;
  expect(said('', 2)).toBe('block');
  expect(said('noise {"decision":"block","reason":"no"}')).toBe('block');
  expect(said('{"decision":"allow"}')).toBe('allow');
  expect(said('')).toBe('none');
});

it('a long reason is cut', () => {
  const failure = { code: 'HOOK_UNSUPPORTED', message: 'x'.repeat(40_000) } as const;
  expect(decide(azure, asking(), failure).reason).toHaveLength(32_768);
});
