import { expect, it } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/dialect.ts';
import { crush } from '../../../src/agents/crush/dialect.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { bytes, modelHook } from '../samples.ts';

const reply = (text: string, dropped = 0) => ({
  reply: bytes(text),
  totalBytes: text.length + dropped,
});

it.each([
  ['', 'none'],
  ['{"decision":"block","reason":"no"}', 'block'],
  ['{"decision":"approve"}', 'allow'],
  ['Good.', 'none'],
])('the reply %j is read as the output of a script that ended well: %s', (text, decision) => {
  const result = decide(claudeCode, modelHook({ event: 'PreToolUse' }), reply(text));
  expect(result).toMatchObject({
    decision,
    cause: { kind: 'output' },
    facts: { status: 'replied', replyHead: text, replyTruncated: false },
  });
});

it.each([
  ['allow', 'none'],
  ['block', 'block'],
] as const)('a reply of which some was dropped counts as failMode %s', (failMode, decision) => {
  const result = decide(crush, modelHook({ failMode }), reply('{"decision":"al', 5));
  expect(result).toMatchObject({
    decision,
    cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_LIMIT' },
    facts: { replyTruncated: true },
  });
});

it('facts have the first 4,096 bytes of a reply', () => {
  const { facts } = decide(crush, modelHook(), reply('a'.repeat(5_000)));
  expect(facts).toEqual({ status: 'replied', replyHead: 'a'.repeat(4_096), replyTruncated: true });
});
