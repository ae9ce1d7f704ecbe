/**
 * An object that has a key twice: two readers would see two outputs, and a guard that quotes what
 * it blocks makes one.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import type { Dialect } from '../../src/protocol/dialect.ts';
import { codesOf } from '../protocol/samples.ts';
import { closed, ran } from './runs.ts';

/** An event of the dialect that can be blocked, and asked at where it has one. */
function gate({ name, events }: Dialect): string {
  const gates = Object.entries(events).filter(
    ([, rules]) => rules.canBlock && rules.blankReason === 'default-text',
  );
  const event = gates.find(([, rules]) => rules.canAsk && rules.exit2 === 'block') ?? gates[0];
  return `${name} ${event?.[0]}`;
}

const open = { failMode: 'allow' } as const;

describe.each(dialects)('under $name', (dialect) => {
  const place = gate(dialect);
  const canAsk = dialect.events[String(place.split(' ')[1])]?.canAsk === true;

  it.each([
    '{"decision":"block","reason":"not this: rm -rf / #","decision":"allow"}',
    '{"decision":"allow","decision":"block"}',
    '{"decision":"block","reason":"r","\\u0064ecision":"approve"}',
    '{"ok":false,"ok":true}',
    '{"cancel":true,"cancel":false}',
    '{"halt":true,"halt":null}',
    '{"permission":"deny","permission":"blok"}',
    '{"hookSpecificOutput":{"permissionDecision":"deny"},"hookSpecificOutput":{}}',
    '{"hookSpecificOutput":{"permissionDecision":"deny"},"hookSpecificOutput":null}',
    '{"hookSpecificOutput":"x","hookSpecificOutput":{"permissionDecision":"deny"},"hookSpecificOutput":{"permissionDecision":"allow"}}',
    '{"hookSpecificOutput":{"permissionDecision":"deny","permissionDecision":"allow"}}',
    '{"hookSpecificOutput":{"decision":{"behavior":"deny"},"decision":{"behavior":"allow"}}}',
    '{"hook_specific_output":{"permission_decision":"deny"},"hook_specific_output":{"permission_decision":"allow"}}',
    '{"decision":"block","updatedInput":{"a":1,"a":2}}',
    '{"reason":"a","reason":"b","decision":"block"}',
    '{"__proto__":1,"__proto__":2,"decision":"block"}',
    '{"x":{"y":[{"z":1,"z":2}]},"decision":"deny"}',
  ])('%s rejects', (text) => {
    for (const over of [open, closed]) {
      const result = ran(place, 0, text, '', over);
      expect(result.decision).toBe('block');
      expect(codesOf(result.diagnostics)).toContain('ambiguous-output');
    }
  });

  it.each([
    '{"decision":"ask","decision":"allow"}',
    '{"decision":"allow","decision":"defer"}',
    '{"hookSpecificOutput":{"hookEventName":"E","permissionDecision":"ask"},"hookSpecificOutput":{"permissionDecision":"allow"}}',
  ])('%s asks, or rejects where nobody can be asked', (text) => {
    const named = text.replace('"E"', JSON.stringify(place.split(' ')[1]));
    expect(ran(place, 0, named, '', open).decision).toBe(canAsk ? 'ask' : 'block');
  });

  it.each([
    '{"decision":"allow","decision":"allow"}',
    '{"decision":"allow","\\u0064ecision":"approve"}',
    '{"ok":true,"ok":true}',
    '{"reason":"a","reason":"b"}',
    '{"decision":"allow","updatedInput":{"a":1,"a":2}}',
    '{"decision":"allow","__proto__":{},"__proto__":{}}',
    '{"hookSpecificOutput":{},"hookSpecificOutput":{}}',
  ])('%s is malformed', (text) => {
    const cause = { kind: 'fail-mode', code: 'HOOK_OUTPUT_MALFORMED' };
    const result = ran(place, 0, text, '', closed);
    expect(result).toMatchObject({ decision: 'block', cause });
    expect(result.cause).toHaveProperty(
      'message',
      expect.stringMatching(/the key \/\S+ is there twice/),
    );
  });

  it('rejects wherever one of the equal keys does, in any place and order', () => {
    const said = fc.constantFrom('"allow"', '"approve"', 'null', '1', '"x"', '{}', '[]');
    const key = fc.constantFrom('"decision"', '"\\u0064ecision"', '"deci\\u0073ion"');
    const members = fc.array<[string, string]>(fc.tuple(key, said), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        members,
        key,
        fc.constantFrom('"block"', '"deny"'),
        fc.nat(5),
        (others, name, word, at) => {
          const all = others
            .toSpliced(at, 0, [name, word])
            .map(([one, value]) => `${one}:${value}`);
          expect(ran(place, 0, `{${all.join(',')}}`, '', open).decision).toBe('block');
        },
      ),
      { seed: 20_261_128, numRuns: 60 },
    );
  });
});

it('the first of two reasons is told, and a new input that is there twice is left out', () => {
  const text =
    '{"decision":"ask","reason":"first","reason":"second","updatedInput":{"a":1},"updatedInput":{"a":2},"decision":"allow"}';
  const result = ran('agentpool pre_tool_use', 0, text);
  expect(result).toMatchObject({ decision: 'ask', reason: 'first' });
  expect(result).not.toHaveProperty('updatedInput');
});

it('a new input that has a key twice is left out too', () => {
  const text = '{"decision":"ask","updatedInput":{"a":1,"a":2}}';
  expect(ran('agentpool pre_tool_use', 0, text)).not.toHaveProperty('updatedInput');
});

it('an ask for this event counts, though another event is named too', () => {
  const named = (event: string, word: string) =>
    `{"hookEventName":"${event}","permissionDecision":"${word}"}`;
  const text = `{"hookSpecificOutput":${named('Stop', 'allow')},"hookSpecificOutput":${named('PreToolUse', 'ask')}}`;
  expect(ran('claude-code PreToolUse', 0, text).decision).toBe('ask');
  expect(ran('claude-code PreToolUse', 0, text.replace('"PreToolUse"', '7')).decision).toBe('none');
});
