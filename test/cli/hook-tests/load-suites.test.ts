import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadSuites } from '../../../src/cli/hook-tests/load-suites.ts';
import { Tested } from '../../../src/cli/hook-tests/tested.ts';
import { sampleResult } from './samples.ts';

const hooks = `hooks:
  PreToolUse:
    - { name: guard, matcher: Bash, command: exit 0 }
  Stop:
    - { name: extra, activation: on-demand, command: exit 0 }
`;
let folder = '';
const put = (name: string, text: string) => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};
const cases = (text: string) => `cases:\n  - name: one\n    expect: { decision: none }\n${text}`;
const load = async (text: string, name = 'hooks.hooktest.yaml') => loadSuites([put(name, text)]);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-suites-'));
  put('hooks.yaml', hooks);
});
afterEach(() => rmSync(folder, { recursive: true }));

it('an inline context gets the event where an agent would put it, unless it has one', async () => {
  const { suites, problems } = await load(
    `${cases('    event: pre_tool_use\n    context: { tool_name: Bash }\n')}  - name: two\n    context: { hook_event_name: Stop }\n    transcript: text\n    active: [extra]\n    expect: { decision: none }\n`,
  );
  expect(problems).toEqual([]);
  const [one, two] = suites[0]?.cases ?? [];
  expect(JSON.parse(Buffer.from(one?.request.context ?? []).toString())).toEqual({
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
  });
  expect(Buffer.from(two?.request.context ?? []).toString()).toBe('{"hook_event_name":"Stop"}');
  expect(Buffer.from(two?.request.transcript ?? []).toString()).toBe('text');
  expect([one?.line, two?.line, two?.request.active]).toEqual([2, 6, ['extra']]);
});

it('a context file goes to the scripts byte for byte', async () => {
  const bytes = '{ "hook_event_name":"Stop", "big": 12345678901234567890 }\n';
  put('x.json', bytes);
  put('t.txt', 'from a file');
  const { suites } = await load(cases('    contextFile: x.json\n    transcriptFile: t.txt\n'));
  const request = suites[0]?.cases[0]?.request;
  expect(Buffer.from(request?.context ?? []).toString()).toBe(bytes);
  expect(Buffer.from(request?.transcript ?? []).toString()).toBe('from a file');
});

it.each([
  ['    contextFile: nope.json\n', '4:18', 'ENOENT'],
  ['    context: {}\n    transcriptFile: nope.txt\n', '5:21', 'ENOENT'],
  ['    context: {}\n    event: PreTool\n', '5:12', 'no event "PreTool"'],
  ['    context: {}\n', '4:14', 'Which event is this?'],
  ['    event: PreToolUse\n    context: {}\n', '5:14', 'needs tool_name'],
  ['    event: Stop\n    context: { hook_event_name: Start }\n', '5:14', 'The event is Stop'],
  [
    '    context: { hook_event_name: Stop }\n    active: [guard]\n',
    '5:13',
    'no on-demand hook "guard"',
  ],
])('the case %j has a problem at %s', async (text, place, message) => {
  const { suites, problems } = await load(cases(text));
  const [problem, second] = problems;
  expect(second).toBeUndefined();
  expect(`${problem?.line}:${problem?.column}`).toBe(place);
  expect(problem?.message).toContain(message);
  expect(suites.flatMap((suite) => suite.cases).length).toBeLessThan(2);
});

const stop = cases('    context: { hook_event_name: Stop }\n');

it.each([
  ['hooks: nope.yaml\n', 'a.hooktest.yaml', '1:8', 'Cannot read'],
  ['hooks: [hooks.yaml, nope.yaml]\n', 'a.hooktest.yaml', '1:21', 'Cannot read'],
  ['', 'a.hooktest.yaml', '1:1', 'Cannot read'],
  ['', 'tests.yaml', '1:1', 'Name the hooks file'],
])(
  'hooks that cannot be found are a problem of the test file: %j in %s',
  async (text, name, place, message) => {
    const { problems } = await load(text + stop, name);
    expect(problems).toHaveLength(1);
    expect(`${problems[0]?.line}:${problems[0]?.column} ${problems[0]?.message}`).toMatch(
      new RegExp(`^${place} ${message}`),
    );
  },
);

it('what is wrong with a hooks file is told once, at its own place', async () => {
  const bad = put('bad.yaml', 'hooks:\n  Stop:\n    - {}\n');
  const files = ['a', 'b'].map((name) => put(`${name}.hooktest.yaml`, `hooks: bad.yaml\n${stop}`));
  const { problems } = await loadSuites(files);
  expect(problems.map(({ file, line }) => [file, line])).toEqual([[bad, 3]]);
});

it('knows which files each test file is made of, also when it is not good', async () => {
  const { sources, problems } = await load(cases('    contextFile: nope.json\n'));
  expect(problems).toHaveLength(1);
  const made = [...(sources.get(path.join(folder, 'hooks.hooktest.yaml')) ?? [])].map((file) =>
    path.relative(folder, file),
  );
  expect(made).toEqual(['hooks.hooktest.yaml', 'hooks.yaml', 'nope.json']);
});

it('a script file that a hook names is a part of its tests, from the project that is named', async () => {
  mkdirSync(path.join(folder, 'project'));
  put('project/guard.sh', 'exit 0');
  put('named.yaml', 'hooks: {Stop: [{command: bash guard.sh}]}');
  const file = put('named.hooktest.yaml', stop);
  const { sources, problems } = await loadSuites([file], { project: path.join(folder, 'project') });
  expect(problems).toEqual([]);
  expect(sources.get(file)).toContain(path.join(folder, 'project/guard.sh'));
  expect((await loadSuites([file])).problems).toMatchObject([
    { message: expect.stringContaining('needs the file guard.sh') },
  ]);
});

it('a hook counts as reached when a case of any file ran it, in files that are read again, too', async () => {
  const files = ['a', 'b'].map((name) =>
    put(`${name}.hooktest.yaml`, `hooks: hooks.yaml\n${stop}`),
  );
  const { suites } = await loadSuites(files);
  const [a, b] = suites;
  if (a === undefined || b === undefined) throw new Error('not loaded');
  const hooksOf = a.sets.flatMap((set) => set.hooks.map(({ hook }) => hook));
  const tested = new Tested();
  tested.add(a, {
    results: [sampleResult({ file: a.file })],
    reached: new Set(hooksOf.slice(0, 1)),
  });
  tested.add(b, { results: [sampleResult({ file: b.file })], reached: new Set() });
  const again = await loadSuites(files);
  const place = { file: path.join(folder, 'hooks.yaml'), line: 5, event: 'Stop', hook: 'extra' };
  expect(tested.report(again.suites, true, 1)).toMatchObject({
    unreached: [place],
    results: [{ file: a.file }, { file: b.file }],
  });
  tested.forget(a.file);
  expect(tested.report(again.suites, true, 1).unreached).toHaveLength(2);
  expect(tested.report(again.suites, false, 1).unreached).toBeUndefined();
});

it('says what the hooks files leave open: their dialect, and whose hooks they are', async () => {
  const agents = ['a', 'b'].map(
    (name) =>
      `  ${name}: { hooks: { pre_tool_use: [{ type: command, command: exit 0, matcher: ${name} }] } }`,
  );
  put('agents.yaml', `agents:\n${agents.join('\n')}\n`);
  const foreign = (more: string) =>
    load(
      `hooks: agents.yaml\n${more}${cases('    event: pre_tool_use\n    context: { tool_name: x }\n')}`,
      'other.hooktest.yaml',
    );
  expect((await foreign('')).problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('Several agents have hooks'),
  ]);
  const { suites, problems } = await foreign('agent: b\ndialect: agentpool\n');
  expect(problems).toEqual([]);
  expect(suites[0]?.cases[0]?.request).toMatchObject({
    dialect: { name: 'agentpool' },
    hooks: [{ matcher: 'b' }],
  });

  put('own.yaml', 'hooks: { PreToolUse: [{ command: exit 0 }] }');
  const own = await load(
    `dialect: cline\nhooks: own.yaml\n${cases('    event: PreToolUse\n    context: { preToolUse: { toolName: x } }\n')}`,
  );
  expect(own.problems).toEqual([]);
  const { dialect, context } = own.suites[0]?.cases[0]?.request ?? {};
  expect(dialect?.name).toBe('cline');
  expect(JSON.parse(Buffer.from(context ?? []).toString())).toMatchObject({
    hookName: 'PreToolUse',
  });

  put('said.yaml', 'dialect: codex\nhooks: { Stop: [] }');
  const said = await load(
    `dialect: cline\nhooks: said.yaml\n${cases('    event: Stop\n    context: {}\n')}`,
  );
  expect(said.problems).toMatchObject([
    { line: 1, message: expect.stringContaining('of the codex dialect, not of cline') },
  ]);
});
