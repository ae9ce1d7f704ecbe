/**
 * Texts that want to be more than data, in every field of an event and in results of tools. The
 * structure of the question never changes, and a judge that was talked into anything gets no more
 * than an objection or none.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JudgeHooksOptions } from '../../../src/outbound/judges/judge-hook.ts';
import { emptyRun, type ScriptRunner } from '../../../src/protocol/run.ts';
import { bytes } from '../../protocol/samples.ts';
import { ask, chat } from './rig.ts';

interface Attack {
  readonly id: string;
  readonly class: string;
  readonly text: string;
  readonly source: string;
  /** What the judge that was talked into it answers. */
  readonly says?: unknown;
}

const attacks = readFileSync(path.join(import.meta.dirname, '../../attacks/judge.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Attack);

const event = { hook_event_name: 'PreToolUse' };
const fields: Readonly<Record<string, (text: string) => object>> = {
  'the name of a tool': (text) => ({ ...event, tool_name: text }),
  'the input of a tool': (text) => ({ ...event, tool_name: 'Bash', tool_input: { command: text } }),
  'the output of a tool': (text) => ({ ...event, tool_name: 'Bash', tool_result: text }),
  'the name of a member': (text) => ({ ...event, tool_name: 'Bash', tool_input: { [text]: 1 } }),
  'a message': (text) => ({ ...event, final_output: text }),
};

type Sent = readonly { readonly role: string; readonly content: string }[];

/** Asks a judge that answers so, without a network. @returns the messages of each question. */
async function asked(context: object, answers: readonly object[], runScript?: ScriptRunner) {
  const sent: Sent[] = [];
  const planned: NonNullable<JudgeHooksOptions['planned']> = (_, { body }) => {
    const { messages } = JSON.parse(new TextDecoder().decode(body)) as { readonly messages: Sent };
    const answer = answers[Math.min(sent.length, answers.length - 1)];
    sent.push(messages);
    return {
      answer: { status: 200, body: bytes(JSON.stringify(answer)), retryAfter: undefined },
      facts: { status: 200 } as never,
    };
  };
  const kind = runScript === undefined ? 'prompt' : 'agent';
  const tools = runScript === undefined ? [] : (['GrepSearch'] as const);
  const result = await ask(1, {
    ...{ action: { kind, tools }, hook: { event: 'PreToolUse', matcher: '*' } },
    ...{ context: JSON.stringify(context), options: { planned, runScript } },
    entry: { inputBytes: 1 << 20 },
  });
  return { result, sent };
}

/** The parts of a question that no event may change, with the mark of the question taken out. */
function structureOf(messages: Sent | undefined) {
  const [system, user, ...more] = messages ?? [];
  const mark = /<data ([0-9a-f]{32}) /.exec(String(user?.content))?.[1] ?? 'none';
  const lines = String(user?.content).replaceAll(mark, 'MARK').split('\n');
  return {
    ...{ roles: messages?.map(({ role }) => role), more },
    system: system?.content.replaceAll(mark, 'MARK'),
    // Every third line is data, and has nothing that could be a mark or is not seen.
    frame: lines.filter((_, at) => at % 3 !== 1),
    isPlain: lines.every((line, at) => at % 3 !== 1 || !/[<>&\p{C}\p{Zl}\p{Zp}]/u.test(line)),
    isJson: lines.every((line, at) => at % 3 !== 1 || JSON.parse(line) !== undefined),
  };
}

const fine = chat('{"reason":"fine","ok":true}');

it('every attack has an id of its own and a source', () => {
  expect(new Set(attacks.map(({ id }) => id)).size).toBe(attacks.length);
  expect(attacks.length).toBeGreaterThan(40);
  for (const { source } of attacks) expect(source).not.toBe('');
});

describe.each(Object.entries(fields))('in %s', (_, context) => {
  const harmless = asked(context('ls'), [fine]).then(({ sent }) => structureOf(sent[0]));
  it.each(attacks)('$id changes nothing but data', async ({ text }) => {
    const { sent } = await asked(context(text), [fine]);
    expect(structureOf(sent[0])).toEqual(await harmless);
    expect(await harmless).toMatchObject({ isPlain: true, isJson: true });
    const [, data = ''] = String(sent[0]?.[1]?.content).split('\n');
    expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(context(text))));
  });
});

it.each(attacks)('$id in a result of a tool changes nothing but data', async ({ text }) => {
  const runOf =
    (said: string): ScriptRunner =>
    async () => {
      const stdout = bytes(said);
      const run = { ...emptyRun('exited'), exitCode: 0, stdout, stdoutTotalBytes: stdout.length };
      return { run, leaseMs: 0, ranIn: { container: 'c' } };
    };
  const name = 'GrepSearch';
  const call = { id: 't', type: 'function', function: { name, arguments: '{"file":"context"}' } };
  const message = { role: 'assistant', content: null, tool_calls: [call] };
  const answers = [chat(null, { finish_reason: 'tool_calls', message }), fine];
  const { sent } = await asked(event, answers, runOf(text));
  const { sent: harmless } = await asked(event, answers, runOf('1:ls'));
  expect(sent).toHaveLength(2);
  expect(structureOf(sent[1])).toEqual(structureOf(harmless[1]));
  expect(structureOf(sent[1])).toMatchObject({ isPlain: true, isJson: true });
});

it.each(attacks.filter(({ says }) => says !== undefined))(
  '$id gets no more out of a gullible judge than no objection',
  async ({ says }) => {
    const text = typeof says === 'string' ? says : JSON.stringify(says);
    const { result } = await asked(event, [chat(text)]);
    expect(['none', 'block']).toContain(result.decision);
    for (const key of ['updatedInput', 'overridesPolicy', 'additionalContext', 'continue'])
      expect(result).not.toHaveProperty(key);
    expect(String(result.reason).length).toBeLessThan(2_100);
    expect(String(result.reason)).not.toMatch(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/u);
  },
);
