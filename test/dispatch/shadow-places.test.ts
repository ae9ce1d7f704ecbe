/** Where shadow hooks run, and how long they are waited for where nothing runs behind an answer. */
import { afterEach, expect, it, vi } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { BackgroundHooks } from '../../src/dispatch/background.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import type { HookResult } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { exited, type HookChanges, sampleHook } from '../protocol/samples.ts';
import { request } from './requests.ts';

afterEach(() => vi.useRealTimers());

it('shadow hooks fill at most half of the places, and async hooks the rest', async () => {
  const hang: Runner = () => new Promise(() => undefined);
  const background = new BackgroundHooks(4);
  const refused: string[] = [];
  const note = (result: HookResult) => {
    const { cause } = result;
    if (cause.kind === 'fail-mode' && cause.code === 'OVERLOADED') refused.push(result.hook);
  };
  const hooks = (kind: HookChanges) => ['a', 'b', 'c'].map((name) => sampleHook({ name, ...kind }));
  const told = { onShadowEnd: note, onAsyncEnd: note };
  await evaluate(request(hooks({ shadow: true }), told), hang, { background });
  expect(refused).toEqual(['c']);
  await evaluate(request(hooks({ async: true }), told), hang, { background });
  expect(refused).toEqual(['c', 'c']);
  await background.close(0);
});

it.each([
  [undefined, 'none', 'exit-code'],
  [3_000, 'none', 'fail-mode'],
])(
  'without a background and with the deadline %s one of 20 s ends with %s by %s',
  async (deadlineMs, kind, cause) => {
    vi.useFakeTimers();
    const run: Runner = async (job, signal) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 20_000);
        signal.addEventListener('abort', resolve);
      });
      return decide(job.dialect, job.hook, exited(0));
    };
    const hooks = [sampleHook({ shadow: true })];
    const asked = evaluate(request(hooks, { deadlineMs, dialect: findDialect('generic') }), run);
    await vi.advanceTimersByTimeAsync(21_000);
    const [result] = (await asked).results;
    expect([result?.decision, result?.cause.kind]).toEqual([kind, cause]);
  },
);
