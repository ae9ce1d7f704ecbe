/** Hooks that another thread has read, and what their first event pays for them. */
import { describe, expect, test, vi } from 'vitest';
import { selectHooks } from '../../../src/dispatch/select.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { parseContext } from '../../../src/protocol/context.ts';
import { Matching, maxEventSteps } from '../../../src/protocol/matching/patterns/matching.ts';
import { fromPlain, toPlain } from '../../../src/server/reading/plain-hook-set.ts';
import { bytes } from '../../protocol/samples.ts';

const { compiled } = vi.hoisted(() => ({ compiled: [] as string[] }));
vi.mock('../../../src/protocol/matching/matcher.ts', async (original) => {
  const real = await original<typeof import('../../../src/protocol/matching/matcher.ts')>();
  const compileMatcher: typeof real.compileMatcher = (dialect, written, rule) => {
    compiled.push(String(written));
    return real.compileMatcher(dialect, written, rule);
  };
  return { ...real, compileMatcher };
});
vi.mock('../../../src/protocol/matching/condition.ts', async (original) => {
  const real = await original<typeof import('../../../src/protocol/matching/condition.ts')>();
  const compileCondition: typeof real.compileCondition = (written) => {
    compiled.push(written);
    return real.compileCondition(written);
  };
  return { ...real, compileCondition };
});

type Entry = { readonly matcher?: string; readonly conditionText?: string };

/**
 * As they come from the thread: copies without functions, so that nothing has compiled their
 * patterns here.
 */
function handedOver(entries: readonly Entry[]) {
  const one =
    '{"dialect":"claude-code","hooks":{"PreToolUse":[{"name":"h","script":"exit 2","matcher":"Bash"}]}}';
  const plain = structuredClone(toPlain(parseHooksFile('hooks', one)));
  const copies = entries.flatMap((entry, at) =>
    plain.hooks.map((loaded) => ({
      ...loaded,
      hook: { ...loaded.hook, name: `h${at}`, ...entry },
    })),
  );
  compiled.length = 0;
  const { dialect, hooks } = fromPlain({ ...plain, hooks: copies });
  return { dialect, hooks: hooks.map(({ hook }) => hook) };
}

const call = { toolName: 'Bash', toolInput: { command: 'ls' }, cwd: '/' };
const context =
  '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"},"cwd":"/"}';

/** 1 KiB, and another one each time. */
const long = (piece: string) => (at: number) => `${piece.repeat(1_024 / piece.length)}${at}`;
const braces = (at: number) => `Write({a?,${at}[b]}${'c'.repeat(940)})`;

describe('1,000 patterns of 1 KiB', () => {
  test.each<[string, (at: number) => Entry, number]>([
    ['expressions', (at) => ({ matcher: long('a+')(at) }), 4],
    ['properties', (at) => ({ matcher: long('[\\p{Lu}\\p{N}!]aa')(at) }), 2],
    ['lists of names', (at) => ({ matcher: long('Ed|')(at) }), 48],
    ['conditions', (at) => ({ conditionText: braces(at) }), 2],
  ])(
    'of %s: an event compiles what its steps suffice for, and the other hooks are undecided',
    (_, entry, most) => {
      const { hooks } = handedOver(Array.from({ length: 1_000 }, (__, at) => entry(at)));
      expect(compiled).toEqual([]);
      const patterns = () => compiled.filter((text) => text.length > 900).length;
      const first = new Matching();
      const event = (matching: Matching) =>
        hooks.filter(
          (hook) => hook.matches('Bash', matching) && (hook.condition?.(call, matching) ?? true),
        );
      const isFor = event(first);
      expect(patterns()).toBe(most);
      expect(isFor.length).toBe(1_000 - most);
      expect(first.untold).toBeGreaterThanOrEqual(1_000 - most);
      // No event does more than that, and each goes on where the last one ended.
      event(new Matching());
      expect(patterns()).toBeGreaterThan(most);
      expect(patterns()).toBeLessThanOrEqual(2 * most);
    },
  );

  test('hold the thread for as long as the steps of one event do', () => {
    const { hooks } = handedOver(
      Array.from({ length: 1_000 }, (_, at) => ({ matcher: long('[\\p{Lu}\\p{N}!]aa')(at) })),
    );
    const matching = new Matching();
    const started = performance.now();
    for (const hook of hooks) hook.matches('Bash', matching);
    // 45 ns a step at worst, and as much again for a machine that others use: all 1,000 take 6 s.
    expect(performance.now() - started).toBeLessThan((2 * maxEventSteps * 45) / 1e6 + 100);
  });
});

test('undecided hooks run, and the decision says which they are', () => {
  const { dialect, hooks } = handedOver(
    Array.from({ length: 6 }, (_, at) => ({ matcher: long('a+')(at) })),
  );
  const input = { bytes: bytes(context) };
  const choose = () => selectHooks(dialect, hooks, parseContext(dialect, input), new Set());
  const first = choose();
  expect(first.hooks.map(({ name }) => name)).toEqual(['h4', 'h5']);
  expect(first.diagnostics).toMatchObject([
    { code: 'match-undecided', message: expect.stringContaining('h4, h5') },
  ]);
  expect(choose()).toMatchObject({ hooks: [], diagnostics: [] });
  expect(compiled.length).toBe(6);
});
