import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import { codesOf } from '../protocol/samples.ts';
import { conversation, namesakes, type Told } from './conversations.ts';
import { TestCounters } from './memory-counters.ts';

describe('the end of a turn', () => {
  const rejecting = { h0: 2 };
  /** Whether each of so many attempts is rejected. */
  async function attempts(
    event: ReturnType<typeof conversation>,
    count: number,
    told: Told = {},
  ): Promise<boolean[]> {
    const rejected: boolean[] = [];
    for (let at = 0; at < count; at++)
      rejected.push((await event({ codes: rejecting, ...told })).decision.decision === 'block');
    return rejected;
  }
  const times = (count: number, value: boolean) => Array<boolean>(count).fill(value);

  it('is rejected 8 times in a row, and then let be with a word about it', async () => {
    const event = conversation(new TestCounters(), 'Stop', [{}]);
    expect(await attempts(event, 8)).toEqual(times(8, true));
    const { decision } = await event({ codes: rejecting });
    expect(codesOf(decision.diagnostics)).toContain('rejection-limit');
    expect(decision.decision).toBe('none');
  });

  it('of the next turn is rejected 8 times again, also where the agent does not tell that it is another', async () => {
    const event = conversation(new TestCounters(), 'Stop', [{}]);
    expect(await attempts(event, 18)).toEqual([...times(8, true), false, ...times(8, true), false]);
  });

  it('starts to count anew after it was not rejected, and where the agent says that it is the first attempt', async () => {
    const event = conversation(new TestCounters(), 'Stop', [{}]);
    await attempts(event, 7);
    await event();
    expect(await attempts(event, 8)).toEqual(times(8, true));
    expect(await attempts(event, 1, { more: { stop_hook_active: false } })).toEqual([true]);
    expect(await attempts(event, 8, { more: { stop_hook_active: true } })).toEqual([
      ...times(7, true),
      false,
    ]);
  });

  const ends = dialects.flatMap(({ name, events }) =>
    Object.entries(events).flatMap(([event, rules]) =>
      rules.endsTurn && rules.canBlock ? [[name, event] as const] : [],
    ),
  );

  it.each(ends)('comes after 8 rejections under %s at %s', async (dialect, stop) => {
    const codes = { h0: -1 };
    const event = conversation(new TestCounters(), stop, [{ failMode: 'block' }]);
    expect(await attempts(event, 9, { dialect, codes })).toEqual([...times(8, true), false]);
  });

  it('has no limit where nobody counts, or the session has no name', async () => {
    expect(await attempts(conversation(undefined, 'Stop', [{}]), 12)).toEqual(times(12, true));
    const nameless = conversation(new TestCounters(), 'Stop', [{}]);
    expect(await attempts(nameless, 12, { more: { session_id: undefined } })).toEqual(
      times(12, true),
    );
  });

  it('goes by the count of the context where it has one, also without a session', async () => {
    const event = conversation(undefined, 'Stop', [{ maxRejections: 3 }]);
    const at = (stop_rejection_count: number) =>
      attempts(event, 1, {
        dialect: 'azure',
        more: { session_id: undefined, stop_rejection_count },
      });
    expect([await at(0), await at(2), await at(3), await at(9)]).toEqual([
      [true],
      [true],
      [false],
      [false],
    ]);
  });

  it('is rejected as long as the most patient of the hooks that reject it', async () => {
    const hooks = [{ maxRejections: 1 }, { maxRejections: 3 }];
    const both = conversation(new TestCounters(), 'Stop', hooks);
    expect(await attempts(both, 5, { codes: { h0: 2, h1: 2 } })).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    const one = conversation(new TestCounters(), 'Stop', hooks);
    expect(await attempts(one, 3)).toEqual([true, false, true]);
  });

  it('counts the limit of the hook that rejects it, not that of one with the same name', async () => {
    const hooks = [
      { name: 'Stop[0]', maxRejections: 3, script: { runtime: 'bash', source: 'exit 0' } as const },
      { name: 'Stop[0]', maxRejections: 1, script: { runtime: 'bash', source: 'exit 2' } as const },
    ];
    const event = namesakes('claude-code', hooks, new TestCounters(), undefined, 'Stop');
    expect([(await event()).decision, (await event()).decision]).toEqual(['block', 'none']);
  });

  it('is all that has a limit: a tool is rejected for ever', async () => {
    expect(
      await attempts(conversation(new TestCounters(), 'PreToolUse', [{ maxRejections: 1 }]), 12),
    ).toEqual(times(12, true));
  });
});
