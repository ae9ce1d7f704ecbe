import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { findDialect } from '../../src/agents/registry.ts';
import { type ContextInput, parseContext } from '../../src/protocol/context.ts';
import { maxContextBytes, maxTranscriptBytes } from '../../src/protocol/run.ts';
import { bytes } from './samples.ts';

function parse(text: string, input: Omit<ContextInput, 'bytes'> = {}) {
  return parseContext(azure, { bytes: bytes(text), ...input });
}

function refused(code: string, field = 'context') {
  return expect.objectContaining({ name: 'InvalidInputError', code, field });
}

it.each([
  ['{"hook_event_name":"PreToolUse","tool_name":"Bash"}', undefined, 'PreToolUse'],
  ['{"hook_event_name":"pre_tool_use","tool_name":"Bash"}', undefined, 'PreToolUse'],
  ['{"hookEventName":"Stop"}', undefined, 'Stop'],
  ['{"event":"post_tool_use","tool_name":"Bash"}', undefined, 'PostToolUse'],
  ['{"event_type":"START"}', undefined, 'Start'],
  ['{"hook_event_name":"Stop","event":"PreToolUse"}', undefined, 'Stop'],
  ['{"hook_event_name":5,"event":"Stop"}', undefined, 'Stop'],
  ['{}', 'Stop', 'Stop'],
  ['{"hook_event_name":null}', 'stop', 'Stop'],
  ['{"hook_event_name":"post_tool_use","tool_name":"Bash"}', 'PostToolUse', 'PostToolUse'],
])('the event of %s, called with %s, is %s', (text, event, expected) => {
  expect(parse(text, { event }).event).toBe(expected);
});

it.each([
  ['{}', undefined],
  ['{"hook_event_name":5}', undefined],
  ['{"hook_event_name":"BeforeTool"}', undefined],
  ['{"hook_event_name":""}', undefined],
  ['{"__proto__":{"hook_event_name":"Stop"}}', undefined],
  ['{"hook_event_name":"BeforeTool"}', 'Stop'],
])('the event of %s, called with %s, is refused as a mistake in the context', (text, event) => {
  expect(() => parse(text, { event })).toThrow(refused('INVALID_EVENT'));
});

it.each([
  ['{}', 'BeforeTool'],
  ['{}', ''],
  ['{"hook_event_name":"Stop"}', 'Start'],
  ['{"hook_event_name":"BeforeTool"}', 'Started'],
])('the event of %s, called with %s, is refused as a mistake in the call', (text, event) => {
  expect(() => parse(text, { event })).toThrow(refused('INVALID_EVENT', 'event'));
});

it.each(['', ' ', 'null', '[]', '"x"', '1', 'true', '{', '{"a":1}{"a":1}', "{'a':1}", '{"a":NaN}'])(
  '%j is no context',
  (text) => {
    expect(() => parse(text, { event: 'Stop' })).toThrow(refused('INVALID_CONTEXT'));
  },
);

it.each([
  [[0xff, 0xfe]],
  [[...bytes('{"a":"'), 0xe9, ...bytes('"}')]],
  [[...bytes('{"a":"'), 0xed, 0xa0, 0x80, ...bytes('"}')]],
])('bytes that are no UTF-8 are no context (case %#)', (raw) => {
  expect(() => parseContext(azure, { bytes: Uint8Array.from(raw), event: 'Stop' })).toThrow(
    refused('INVALID_CONTEXT'),
  );
});

it.each([
  ['{"tool_name":"Bash","thread_source":"incident"}', 'Bash', 'incident'],
  ['{"tool_name":"","thread_source":""}', '', ''],
  ['{"toolName":"Bash"}', 'Bash', undefined],
  ['{"tool_name":null,"toolName":"Bash","thread_source":1}', 'Bash', undefined],
  ['{"tool_name":"Bash","toolName":"Read"}', 'Bash', undefined],
])('%s is about the tool %j and comes from %j', (text, subject, threadSource) => {
  expect(parse(text, { event: 'PreToolUse' })).toMatchObject({ subject, threadSource });
});

it.each([
  '{}',
  '{"tool_name":null}',
  '{"tool_name":["Bash"]}',
  '{"tool_name":5}',
  '{"toolName":{}}',
  '{"__proto__":{"tool_name":"x"}}',
])('a tool event of %s has no tool name that could pick its hooks, and is refused', (text) => {
  for (const event of ['PreToolUse', 'post_tool_use'])
    expect(() => parse(text, { event })).toThrow(refused('INVALID_CONTEXT'));
  for (const event of ['Start', 'Stop']) expect(parse(text, { event }).subject).toBeUndefined();
});

it('without a transcript the very bytes of the caller are handed on', () => {
  const raw = bytes(
    ' {"hook_event_name" : "Stop", "id":9007199254740993, "x":1e400, "y":-0.0, "z":"\\u00e9\\ud83d\\ude00" }\n',
  );
  const context = parseContext(azure, { bytes: raw });
  expect(context.content.bytes).toBe(raw);
  expect(context.transcript).toBeUndefined();
});

it.each([
  [128, true],
  [129, false],
  [200_000, false],
])('a context of depth %i is accepted: %s', (depth, accepted) => {
  const text = `{"hook_event_name":"Stop","x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  if (accepted) expect(parse(text, { transcript: bytes('t') }).event).toBe('Stop');
  else expect(() => parse(text)).toThrow(refused('INVALID_CONTEXT'));
});

it('a context of exactly the limit is accepted, one byte more is not', () => {
  const frame = '{"hook_event_name":"Stop","x":""}';
  const text = (size: number) => frame.replace('""', `"${'x'.repeat(size - frame.length)}"`);
  expect(parse(text(maxContextBytes)).content.bytes).toHaveLength(maxContextBytes);
  expect(() => parse(text(maxContextBytes + 1))).toThrow(refused('TOO_LARGE'));
});

it('a context of 200,000 values is accepted, one more is not', () => {
  const text = (values: number) => `{"hook_event_name":"Stop","x":[${'0,'.repeat(values - 4)}0]}`;
  expect(() => parse(text(200_000))).not.toThrow();
  expect(() => parse(text(200_001))).toThrow(refused('TOO_LARGE'));
});

it('a transcript of exactly the limit is accepted, one byte more is not', () => {
  const text = '{"hook_event_name":"Stop"}';
  expect(parse(text, { transcript: new Uint8Array(maxTranscriptBytes) }).transcript).toHaveLength(
    maxTranscriptBytes,
  );
  expect(() => parse(text, { transcript: new Uint8Array(maxTranscriptBytes + 1) })).toThrow(
    refused('TOO_LARGE', 'transcript'),
  );
});

it.each([
  ['claude-code', 'SessionStart', '{"source":"resume"}', 'resume'],
  ['claude-code', 'SessionStart', '{}', undefined],
  ['claude-code', 'PreToolUse', '{"tool_name":"Bash"}', 'Bash'],
  ['cline', 'PreToolUse', '{"preToolUse":{"toolName":"read"}}', 'read'],
  ['copilot', 'preToolUse', '{"toolName":"bash"}', 'bash'],
])('under %s the matcher of %s looks at %s', (name, event, text, subject) => {
  expect(parseContext(findDialect(name), { bytes: bytes(text), event }).subject).toBe(subject);
});

it.each([
  ['{"toolName":"bash","toolArgs":{"command":"ls"},"cwd":"/w"}', { command: 'ls' }, '/w'],
  ['{"toolName":"bash","toolArgs":"{\\"command\\":\\"ls\\"}"}', { command: 'ls' }, undefined],
  ['{"toolName":"bash","toolArgs":"ls -l"}', 'ls -l', undefined],
  [`{"toolName":"bash","toolArgs":"${'['.repeat(600)}"}`, '['.repeat(600), undefined],
])('a condition sees the input of the tool in %s', (text, toolInput, cwd) => {
  const { tool } = parseContext(findDialect('copilot'), {
    bytes: bytes(text),
    event: 'preToolUse',
  });
  expect(tool).toMatchObject({ toolName: 'bash', toolInput });
  expect(tool?.cwd).toBe(cwd);
});

it.each([
  ['cline', '{"hookName":"TaskStart"}', 'TaskStart'],
  ['windsurf', '{"agent_action_name":"pre_run_command"}', 'pre_run_command'],
  ['openhands', '{"event_type":"Stop"}', 'Stop'],
  ['vscode', '{"hookEventName":"Stop"}', 'Stop'],
])('under %s the context %s names its event', (name, text, event) => {
  expect(parseContext(findDialect(name), { bytes: bytes(text) }).event).toBe(event);
});

it('a key that names the event elsewhere is nothing special under azure', () => {
  expect(parse('{"hookName":"mine"}', { event: 'Stop' }).event).toBe('Stop');
});

it.each([
  ['claude-code', '{"cwd":"/a"}', '/a'],
  ['claude-code', '{"cwd":""}', undefined],
  ['claude-code', '{"cwd":7}', undefined],
  ['claude-code', '{"__proto__":{"cwd":"/a"}}', undefined],
  ['cursor', '{"cwd":"","workspace_roots":["/b","/c"]}', '/b'],
  ['cursor', '{"cwd":"/a","workspace_roots":["/b"]}', '/a'],
  ['cline', '{"workspaceRoots":["/d"]}', '/d'],
  ['cline', '{"workspaceRoots":[]}', undefined],
  ['openhands', '{"working_dir":"/f"}', '/f'],
  ['windsurf', '{"tool_info":{"cwd":"/e"}}', '/e'],
])('the folder of the agent in the context of %s, %s, is %s', (dialect, text, expected) => {
  const { events } = findDialect(dialect);
  const [event] = Object.keys(events).filter((name) => events[name]?.usesMatcher === false);
  const input = { bytes: bytes(text), event: event ?? 'stop' };
  expect(parseContext(findDialect(dialect), input).cwd).toBe(expected);
});
