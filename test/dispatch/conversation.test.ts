/** Hooks that run once, and the end of a turn that is rejected again and again. */
import { describe, expect, it } from 'vitest';
import type { Counters } from '../../src/dispatch/counters.ts';
import { createBundle } from '../../src/protocol/bundle.ts';
import { bytes, type HookChanges } from '../protocol/samples.ts';
import { conversation, namesakes } from './conversations.ts';
import { TestCounters } from './memory-counters.ts';

describe('a hook that runs once', () => {
  const hooks = [{ once: true }, {}];

  it('runs at the first event of a session, and is listed as skipped at later ones', async () => {
    const event = conversation(new TestCounters(), 'PreToolUse', hooks);
    expect((await event()).started).toEqual(['h0', 'h1']);
    const { started, decision } = await event();
    expect(started).toEqual(['h1']);
    expect(decision.skipped).toEqual(['h0']);
    expect((await event({ session: 'other' })).started).toEqual(['h0', 'h1']);
    expect((await event({ request: { tenant: 'other' } })).started).toEqual(['h0', 'h1']);
    expect((await event({ request: { session: 'named' } })).started).toEqual(['h0', 'h1']);
  });

  it.each([
    ['objected', 2],
    ['failed', 1],
    ['timed out', -1],
  ])('runs again after it %s', async (_, code) => {
    const event = conversation(new TestCounters(), 'PreToolUse', hooks);
    await event({ codes: { h0: code } });
    expect((await event()).started).toEqual(['h0', 'h1']);
    expect((await event()).started).toEqual(['h1']);
  });

  it('runs always where nobody counts, the session has no name, or the counters fail', async () => {
    const broken: Counters = {
      get: () => Promise.reject(new Error('down')),
      add: () => new Promise(() => undefined),
      clear: async () => undefined,
    };
    const told = { request: { deadlineMs: 200 } };
    for (const event of [
      conversation(undefined, 'PreToolUse', hooks),
      conversation(broken, 'PreToolUse', hooks),
    ]) {
      for (const _ of [1, 2]) expect((await event(told)).started).toEqual(['h0', 'h1']);
    }
    const nameless = conversation(new TestCounters(), 'PreToolUse', hooks);
    for (const _ of [1, 2])
      expect((await nameless({ more: { session_id: undefined } })).started).toEqual(['h0', 'h1']);
  });

  it('is another hook when its script was changed', async () => {
    const counters = new TestCounters();
    await conversation(counters, 'PreToolUse', hooks)();
    const script = { runtime: 'bash', source: 'exit 3' } as const;
    expect(
      (await conversation(counters, 'PreToolUse', [{ once: true, script }])()).started,
    ).toEqual(['h0']);
    const file = (text: string) =>
      createBundle([{ path: 'x.sh', executable: true, content: bytes(text) }]);
    for (const bundle of [file('exit 0'), file('exit 2')]) {
      const started = (
        await conversation(counters, 'PreToolUse', [
          { once: true, script: { ...script, bundle } },
        ])()
      ).started;
      expect(started).toEqual(['h0']);
    }
  });

  const source = (text: string) => ({
    name: 'PreToolUse[0]',
    once: true,
    script: { runtime: 'bash', source: text } as const,
  });

  it.each(['azure', 'claude-code'])(
    'counts only its own result, not that of a hook of the same name, under %s',
    async (dialect) => {
      const event = namesakes(dialect, [source('exit 0'), source('exit 2')]);
      expect(await event()).toEqual({ ran: ['exit 0', 'exit 2'], decision: 'block' });
      expect(await event()).toEqual({ ran: ['exit 2'], decision: 'block' });
    },
  );

  it('does not count the result of a hook of the same name after an async one', async () => {
    const event = namesakes('azure', [
      { ...source('exit 2 # async'), async: true },
      source('exit 0'),
      source('exit 2'),
    ]);
    await event();
    expect((await event()).ran).toContain('exit 2');
  });

  it.each<[string, HookChanges]>([
    ['a matcher', { matcher: 'Bash' }],
    ['a condition', { conditionText: 'Bash(git *)' }],
    ['a failMode', { failMode: 'block' }],
    ['strictOutput', { strictOutput: true }],
    ['ignoreToolErrors', { ignoreToolErrors: true }],
  ])('is another hook than its namesake with %s of its own', async (_, change) => {
    const counters = new TestCounters();
    const hooks = [source('exit 0'), { ...source('exit 0'), ...change }];
    for (const hook of hooks)
      expect((await namesakes('azure', [hook], counters)()).ran).toEqual(['exit 0']);
  });

  it('is not done while one of equal hooks objects', async () => {
    const codes = [0, 2];
    const event = namesakes(
      'azure',
      [source('exit'), source('exit')],
      new TestCounters(),
      () => codes.shift() ?? 0,
    );
    expect(await event()).toEqual({ ran: ['exit', 'exit'], decision: 'block' });
    expect((await event()).ran).toEqual(['exit', 'exit']);
    expect((await event()).ran).toEqual([]);
  });
});
