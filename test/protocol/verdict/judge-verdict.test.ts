import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVerdict } from '../../../src/protocol/verdict/judge-verdict.ts';

const inner = (word: unknown, more: object = {}) =>
  JSON.stringify({ hookSpecificOutput: { permissionDecision: word, ...more } });

describe('a verdict', () => {
  it.each([
    ['{"reason":"r","ok":true}', 'none', 'r'],
    [' {"ok":false,"reason":"r"}\n', 'block', 'r'],
    ['{"ok":true}', 'none', undefined],
    ['{"ok":false,"reason":" "}', 'block', undefined],
    ['{"ok":false,"reason":null}', 'block', undefined],
    ['{"decision":"deny","reason":"r"}', 'block', 'r'],
    ['{"decision":"block"}', 'block', undefined],
    ['{"decision":"approve"}', 'none', undefined],
    ['{"decision":"allow"}', 'none', undefined],
    ['{"decision":"ask"}', 'ask', undefined],
    [inner('allow'), 'allow', undefined],
    [inner('deny', { permissionDecisionReason: 'p', hookEventName: 'x' }), 'block', 'p'],
    [inner('ask', { permissionReason: 'p' }), 'ask', 'p'],
    ['{"ok":true,"decision":"block"}', 'block', undefined],
  ])('is read in %j', (text, decision, reason) => {
    expect(readVerdict(text, false)).toEqual({
      verdict: { decision, reason, isImpossible: false },
    });
  });

  it('may say that what is asked for is impossible', () => {
    expect(readVerdict('{"ok":false,"impossible":true}', false).verdict).toMatchObject({
      isImpossible: true,
    });
  });

  it.each([
    ['', 'one JSON object'],
    ['yes', 'one JSON object'],
    ['[{"ok":true}]', 'one JSON object'],
    ['{"ok":true} {"ok":true}', 'one JSON object'],
    ['Sure: {"ok":true}', 'one JSON object'],
    ['{"ok":true', 'one JSON object'],
    ['{"ok":false,"ok":true}', 'one JSON object'],
    ['```json\n{"ok":true}\n```', 'one JSON object'],
    ['{}', 'neither yes nor no'],
    ['{"ok":"true"}', 'neither yes nor no'],
    ['{"ok":1}', 'neither yes nor no'],
    ['{"ok":null}', 'neither yes nor no'],
    ['{"decision":"OK"}', 'neither yes nor no'],
    ['{"ok":true,"decision":"perhaps"}', 'neither yes nor no'],
    ['{"ok":true,"safe":true}', 'no verdict has'],
    ['{"ok":true,"__proto__":{}}', 'no verdict has'],
    [inner('allow', { updatedInput: {} }), 'no verdict has'],
    ['{"ok":true,"reason":7}', 'wrong type'],
    ['{"ok":true,"impossible":1}', 'wrong type'],
    ['{"ok":true,"hookSpecificOutput":[]}', 'is no object'],
    [`{"ok":true,"reason":${'['.repeat(100)}${']'.repeat(100)}}`, 'one JSON object'],
  ])('is not in %j', (text, problem) => {
    expect(readVerdict(text, false)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it.each(['```json\n{"ok":true}\n```', ' ```\r\n{"ok":true}\n```\n', '{"ok":true}'])(
    'may stand in one pair of fences, of judges that cannot be held to JSON: %j',
    (text) => {
      expect(readVerdict(text, true).verdict).toMatchObject({ decision: 'none' });
    },
  );

  it.each([
    'Here:\n```json\n{"ok":true}\n```',
    '```json\n{"ok":true}\n```\nDone.',
    '```json\n```json\n{"ok":true}\n```\n```',
    '```python\n{"ok":true}\n```',
    '```json {"ok":true}```',
  ])('is in no other fences: %j', (text) => {
    expect(readVerdict(text, true).problem).toBeDefined();
  });

  it('is never read out of prose', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
        fc.string(),
        (before, after) => {
          const text = `${before}{"ok":true}${after}`;
          expect(readVerdict(text, true).verdict).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });
});
