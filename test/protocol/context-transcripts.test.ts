/** Contexts that point to a transcript. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { findDialect } from '../../src/agents/registry.ts';
import { type ContextInput, parseContext, pointToTranscript } from '../../src/protocol/context.ts';
import { transcriptPath } from '../../src/protocol/run.ts';
import { bytes } from './samples.ts';

function parse(text: string, input: Omit<ContextInput, 'bytes'> = {}) {
  return parseContext(azure, { bytes: bytes(text), ...input });
}

it('with a transcript nothing but execution_summary changes, and the transcript is handed on', () => {
  const text =
    ' {"hook_event_name" : "Stop",\r\n\t"execution_summary":  "/tmp/host.txt" , "id":9007199254740993,"f":1.10,"e":"\\u00e9"}\n';
  const transcript = bytes('turn 1\n');
  const context = parse(text, { transcript });
  expect(Buffer.from(context.content.bytes).toString()).toBe(
    text.replace('"/tmp/host.txt"', `"${transcriptPath}"`),
  );
  expect(context.transcript).toBe(transcript);
});

it('of a subagent both members name the one copy', () => {
  const sent = '{"transcript_path":"/home/me/x","agent_transcript_path":"/home/me/y"}';
  const input = { bytes: bytes(sent), event: 'SubagentStop', transcript: bytes('turn') };
  const { content } = parseContext(findDialect('claude-code'), input);
  expect(JSON.parse(Buffer.from(content.bytes).toString())).toEqual({
    transcript_path: transcriptPath,
    agent_transcript_path: transcriptPath,
    execution_summary: transcriptPath,
  });
});

it.each([
  ['claude-code', 'Stop'],
  ['codex', 'Stop'],
  ['gemini-cli', 'AfterAgent'],
  ['copilot', 'agentStop'],
  ['azure', 'Stop'],
  ['cursor', 'stop'],
  ['vscode', 'Stop'],
  ['qwen-code', 'Stop'],
])('with a transcript the members of %s that name it name its copy', (name, event) => {
  const sent = '{"transcript_path":"/home/me/x","transcriptPath":"/home/me/x"}';
  const read = (transcript?: Uint8Array) => {
    const input = { bytes: bytes(sent), event, transcript };
    return JSON.parse(Buffer.from(parseContext(findDialect(name), input).content.bytes).toString());
  };
  expect(read(bytes('turn'))).toMatchObject({
    transcript_path: transcriptPath,
    transcriptPath: transcriptPath,
  });
  expect(read()).toEqual(JSON.parse(sent));
});

it('an empty transcript is a transcript', () => {
  expect(
    Buffer.from(
      parse('{"hook_event_name":"Stop"}', { transcript: bytes('') }).content.bytes,
    ).toString(),
  ).toContain(transcriptPath);
});

it.each([
  ['{"execution_summary":null}', `{"execution_summary":"${transcriptPath}"}`],
  [
    '{"execution_summary":1, "a":2, "execution\\u005fsummary" : [3]}',
    `{"execution_summary":"${transcriptPath}", "a":2, "execution\\u005fsummary" : "${transcriptPath}"}`,
  ],
  ['{"execution_summary":{"a":[1]},"b":2}', `{"execution_summary":"${transcriptPath}","b":2}`],
  [
    '{"x":{"execution_summary":"inner"},"execution_summary":"outer"}',
    `{"x":{"execution_summary":"inner"},"execution_summary":"${transcriptPath}"}`,
  ],
  [
    '{"x":"\\"execution_summary\\":\\"a\\"","execution_summary":1}',
    `{"x":"\\"execution_summary\\":\\"a\\"","execution_summary":"${transcriptPath}"}`,
  ],
  [
    '{"a":1, "transcript_path": "/h/x.jsonl","b":[2] }',
    `{"a":1, "transcript_path": "${transcriptPath}","b":[2],"execution_summary":"${transcriptPath}" }`,
  ],
  [
    '{"transcript_path":null,"execution_summary":1,"transcript_path":2}',
    `{"transcript_path":"${transcriptPath}","execution_summary":"${transcriptPath}","transcript_path":"${transcriptPath}"}`,
  ],
  [
    '{"agent_transcript_path":"/h/y","x":{"transcript_path":"/h/x"}}',
    `{"agent_transcript_path":"/h/y","x":{"transcript_path":"/h/x"},"execution_summary":"${transcriptPath}"}`,
  ],
])('%s becomes %s', (text, expected) => {
  expect(pointToTranscript(text, ['transcript_path'])).toBe(expected);
});

it('a member inside of another one is named with both names', () => {
  const text = '{"x":{"b":"/h","c":1},"a":{"b":"/h/y", "c":{"b":2}},"b":3,"a":4}';
  expect(pointToTranscript(text, ['a.b'])).toBe(
    `{"x":{"b":"/h","c":1},"a":{"b":"${transcriptPath}", "c":{"b":2}},"b":3,"a":4,"execution_summary":"${transcriptPath}"}`,
  );
});

it.each([
  '{}',
  '{ }',
  '{"a":12345678901234567890}',
  '{\n  "a": 1,\n  "b": [ 1.0 ]\n}\n',
  '{"x":{"execution_summary":"inner"}}',
])('to %j the path is added, and taking it out again gives the same text', (text) => {
  const spliced = pointToTranscript(text, []);
  expect(JSON.parse(spliced)).toEqual({ ...JSON.parse(text), execution_summary: transcriptPath });
  expect(
    spliced
      .replace(new RegExp(`,?\\s*"execution_summary":\\s*"${transcriptPath}"`), '')
      .replaceAll(/\s/g, ''),
  ).toBe(text.replaceAll(/\s/g, ''));
});

it('in any object only execution_summary changes', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', '{', ',', 'é') });
  const root = fc.tuple(
    fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })),
    fc.option(fc.jsonValue({ maxDepth: 2 })),
    fc.constantFrom(0, 2),
  );
  fc.assert(
    fc.property(root, ([value, summary, indent]) => {
      const whole = summary === null ? value : { ...value, execution_summary: summary };
      const spliced = JSON.parse(pointToTranscript(JSON.stringify(whole, null, indent), []));
      expect(JSON.stringify({ ...spliced, execution_summary: 0 })).toBe(
        JSON.stringify({ ...whole, execution_summary: 0 }),
      );
      expect(spliced.execution_summary).toBe(transcriptPath);
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
});
