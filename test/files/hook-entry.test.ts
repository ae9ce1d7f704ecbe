import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { type EntryPlace, readEventName, readHookEntry } from '../../src/files/hook-entry.ts';
import { SourceDocument } from '../../src/files/source-document.ts';
import { scriptOf } from '../../src/protocol/action.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { projectOf } from '../bundling/samples.ts';

function source(text: string): SourceDocument {
  const parsed = SourceDocument.parse('f.yaml', text);
  if (parsed.documents[0] === undefined) throw new Error(JSON.stringify(parsed.problems));
  return parsed.documents[0];
}

function read(text: string, over: Partial<EntryPlace> = {}) {
  const document = source(text);
  const place = {
    source: document,
    path: [],
    dialect: azure,
    event: 'Stop',
    defaultName: 'Stop[0]',
    tier: 'agent',
    project: undefined,
    ...over,
  } as const;
  return readHookEntry(place, document.value);
}

function hookOf(text: string, over: Partial<EntryPlace> = {}): Hook {
  const { loaded, problems } = read(text, over);
  if (loaded === undefined) throw new Error(JSON.stringify(problems));
  expect(problems).toEqual([]);
  return loaded.hook;
}

/** `line:column` of every problem. */
function problemsOf(text: string, over: Partial<EntryPlace> = {}): string[] {
  const { loaded, problems } = read(text, over);
  expect(loaded).toBeUndefined();
  return problems.map(({ line, column }) => `${line}:${column}`);
}

const tool = { event: 'PreToolUse' };

it('an entry that says nothing but its script gets the defaults of the dialect', () => {
  expect(hookOf('script: exit 0\n')).toEqual({
    name: 'Stop[0]',
    event: 'Stop',
    tier: 'agent',
    action: { kind: 'command', script: { runtime: 'bash', source: 'exit 0' } },
    matcher: undefined,
    matches: expect.any(Function),
    timeoutMs: 30_000,
    failMode: 'allow',
    failModeIsDefault: true,
    sources: undefined,
    activation: 'always',
  });
});

it('an entry that says everything is taken at its word', () => {
  const text =
    'name: no-rm_1\ndescription: d\ntier: system\ntype: command\nscript: |\n  #!/usr/bin/env python3\n  pass\nmatcher: Bash|Run.*\ntimeout: 2.5\nfailMode: block\nactivation: on-demand\nmodel: m\nmaxRejections: 25\n';
  const hook = hookOf(text, tool);
  expect(hook).toMatchObject({
    name: 'no-rm_1',
    event: 'PreToolUse',
    tier: 'system',
    action: {
      kind: 'command',
      script: { runtime: 'python3', source: '#!/usr/bin/env python3\npass\n' },
    },
    matcher: 'Bash|Run.*',
    timeoutMs: 2_500,
    failMode: 'block',
    activation: 'on-demand',
  });
  expect([hook.matches('RunIt'), hook.matches('bash')]).toEqual([true, false]);
});

it.each([
  ['fail_mode: Block', { failMode: 'block' }],
  ['failMode: BLOCK', { failMode: 'block' }],
  ['fail_mode: Allow', { failMode: 'allow' }],
  ['activation_mode: onDemand', { activation: 'on-demand' }],
  ['activationMode: on-demand', { activation: 'on-demand' }],
  ['activation: On_Demand', { activation: 'on-demand' }],
  ['activation: Always', { activation: 'always' }],
  ['tier: System', { tier: 'system' }],
  [
    'hookType: Command',
    { action: { kind: 'command', script: { runtime: 'bash', source: 'exit 0' } } },
  ],
  ['timeout_seconds: 300', { timeoutMs: 300_000 }],
  ['timeoutSeconds: 1', { timeoutMs: 1_000 }],
  ['timeout: 1.0004', { timeoutMs: 1_000 }],
  ['timeout: 0', { timeoutMs: 30_000 }],
  ['timeout: -5', { timeoutMs: 30_000 }],
  ['timeout: 301', { timeoutMs: 300_000 }],
  ['once: true', { once: true }],
  ['async: true', { async: true }],
  ['sequential: true', { sequential: true }],
  ['max_rejections: 1', { name: 'Stop[0]' }],
])('%s is understood', (line, expected) => {
  expect(hookOf(`script: exit 0\n${line}\n`)).toMatchObject(expected);
});

it('the surroundings give tier and activation where the entry gives none', () => {
  const surroundings = { tier: 'global', activation: 'on-demand' } as const;
  expect(hookOf('script: x', surroundings)).toMatchObject(surroundings);
  expect(hookOf('script: x\ntier: agent\nactivation: always\n', surroundings)).toMatchObject({
    tier: 'agent',
    activation: 'always',
  });
});

it.each([
  ['matcher: "*"', '*', true],
  ['matcher: Bash', 'Bash', true],
  ['matcher: ""', '', false],
  ['matcher: null', undefined, false],
  ['matcher:', undefined, false],
  ['matcher: {toolPattern: Bash}', 'Bash', true],
])('the matcher of "%s" is %j and matches Bash: %s', (line, matcher, matches) => {
  const hook = hookOf(`script: x\n${line}\n`, tool);
  expect(hook.matcher).toBe(matcher);
  expect(hook.matches('Bash')).toBe(matches);
});

it('sources are for Start hooks', () => {
  expect(hookOf('script: x\nsources: [incident, chat]\n', { event: 'Start' }).sources).toEqual([
    'incident',
    'chat',
  ]);
  expect(problemsOf('script: x\nsources: [incident]\n')).toEqual(['2:10']);
});

it.each([
  ['command: exit 2', 'exit 2'],
  ['command: "#!/usr/bin/env python3\\nexit 2"', 'exit 2'],
  ['command: "#!/bin/bash -e\\nexit 2"', 'exit 2'],
  ['command: "#!/bin/sh\\r\\nexit 2\\r\\n"', 'exit 2\n'],
  ['command: "\\uFEFF#!/usr/bin/env node\\nexit 2"', 'exit 2'],
  ['command: "\\uFEFF#!/bin/bash -e\\r\\nexit 2"', 'exit 2'],
])('%s is a line of bash', (text, script) => {
  expect(scriptOf(hookOf(text))).toEqual({ runtime: 'bash', source: script });
});

it.each([
  ['type: Prompt\nprompt: Is it done?\n', 'prompt', { prompt: 'Is it done?' }],
  ['prompt: Is it done?\n', 'prompt', { prompt: 'Is it done?' }],
  [
    'hookType: prompt\nhookBody: Is it done?\nfail_mode: block\n',
    'prompt',
    { prompt: 'Is it done?' },
  ],
  [
    'type: agent\nprompt: Is it done?\nmodel: small\n',
    'agent',
    { prompt: 'Is it done?', model: 'small' },
  ],
])('a hook that needs a model is loaded with what its author wrote: %j', (text, type, settings) => {
  expect(hookOf(text).action).toEqual({ kind: 'unsupported', type, settings });
});

it('the body of a command hook is its script', () => {
  expect(scriptOf(hookOf('hookType: Command\nhookBody: exit 2\n'))).toEqual({
    runtime: 'bash',
    source: 'exit 2',
  });
});

it.each([
  ['a text', 'exit 0', {}, ['1:1']],
  ['a list', '- script: x', {}, ['1:1']],
  ['an unknown key', 'script: x\nmatchers: "*"\n', {}, ['2:1']],
  ['two unknown keys', 'script: x\nfoo: 1\nfoo_bar: 2\n', {}, ['2:1', '3:1']],
  ['__proto__', 'script: x\n__proto__: {failMode: block}\n', {}, ['2:1']],
  ['a name with a blank', 'script: x\nname: a b\n', {}, ['2:7']],
  ['an empty name', 'script: x\nname: ""\n', {}, ['2:7']],
  ['a name of 129 letters', `script: x\nname: ${'n'.repeat(129)}\n`, {}, ['2:7']],
  ['a name that is a number', 'script: x\nname: 5\n', {}, ['2:7']],
  ['a reserved name', 'script: x\nname: system__x\n', {}, ['2:7']],
  [
    'a reserved name in its snake key',
    'script: x\nname: system__x\ntier: Global\n',
    { tier: 'system' },
    ['2:7'],
  ],
  ['timeout 0.999', 'script: x\ntimeout: 0.999\n', {}, ['2:10']],
  ['an async hook with failMode block', 'script: x\nfailMode: block\nasync: true\n', {}, ['3:8']],
  ['once with a text', 'script: x\nonce: "yes"\n', {}, ['2:7']],
  ['an endless timeout', 'script: x\ntimeout: .inf\n', {}, ['2:10']],
  ['a timeout that is no number', 'script: x\ntimeout: .nan\n', {}, ['2:10']],
  ['a timeout with a unit', 'script: x\ntimeout: 30s\n', {}, ['2:10']],
  ['a failMode of another word', 'script: x\nfail_mode: open\n', {}, ['2:12']],
  ['a failMode of nothing', 'script: x\nfail_mode:\n', {}, ['2:11']],
  ['an activation of another word', 'script: x\nactivationMode: sometimes\n', {}, ['2:17']],
  ['a tier of another word', 'script: x\ntier: user\n', {}, ['2:7']],
  ['a type of another word', 'type: http\nscript: x\n', {}, ['1:7']],
  ['0 rejections', 'script: x\nmax_rejections: 0\n', {}, ['2:17']],
  ['26 rejections', 'script: x\nmaxRejections: 26\n', {}, ['2:16']],
  ['half a rejection', 'script: x\nmaxRejections: 1.5\n', {}, ['2:16']],
  ['sources that are no list', 'script: x\nsources: chat\n', { event: 'Start' }, ['2:10']],
  ['a source that is no text', 'script: x\nsources: [chat, 1]\n', { event: 'Start' }, ['2:17']],
  ['no matcher for a tool event', 'name: a\nscript: x\n', tool, ['1:1']],
  ['a matcher that is no expression', 'script: x\nmatcher: "["\n', tool, ['2:10']],
  ['a matcher that is a mapping', 'script: x\nmatcher: {pattern: x}\n', tool, ['2:10']],
  ['a matcher whose pattern is a list', 'script: x\nmatcher: {toolPattern: [x]}\n', tool, ['2:10']],
  ['script and command', 'script: exit 2\ncommand: exit 2\n', {}, ['2:10']],
  ['neither script nor command', 'name: a\n', {}, ['1:1']],
  ['a command type without a script', 'type: command\n', {}, ['1:7']],
  ['a prompt with a script', 'hookType: prompt\nprompt: p\nscript: x\n', {}, ['1:11']],
  ['a prompt with a script and no type', 'prompt: p\nscript: x\n', {}, ['1:1']],
  ['a prompt without a prompt', 'type: prompt\n', {}, ['1:7']],
  ['an agent without a prompt', 'type: agent\n', {}, ['1:7']],
  ['an empty script', 'name: a\nscript: ""\n', {}, ['2:9']],
  ['an empty command', 'command: " "\n', {}, ['1:10']],
  ['a command that is only a shebang', 'name: a\ncommand: "#!/bin/bash"\n', {}, ['2:10']],
  [
    'a command of a shebang and a line end',
    'name: a\ncommand: "#!/bin/bash\\r\\n"\n',
    {},
    ['2:10'],
  ],
  [
    'a command with a shebang after a blank line',
    'name: a\ncommand: "\\n#!/bin/bash\\nexit 2"\n',
    {},
    ['2:10'],
  ],
  [
    'a script with a shebang on its second line',
    'script: |\n\n  #!/usr/bin/env python3\n  pass\n',
    {},
    ['1:9'],
  ],
  ['two spellings of failMode', 'script: x\nfailMode: allow\nfail_mode: block\n', {}, ['3:1']],
  ['two spellings of timeout', 'script: x\ntimeoutSeconds: 5\ntimeout: 5\n', {}, ['3:1']],
  ['two spellings of type', 'type: command\nscript: x\nhookType: command\n', {}, ['3:1']],
  ['two spellings of script', 'hookBody: x\nscript: x\n', {}, ['2:1']],
  ['constructor', 'script: x\nconstructor: 1\n', {}, ['2:1']],
  ['toString', 'script: x\ntoString: 1\n', {}, ['2:1']],
  ['a script with another shebang', 'script: "#!/bin/sh\\nexit 0"\n', {}, ['1:9']],
  ['a script of 65,537 bytes', `name: a\nscript: ${'x'.repeat(65_537)}\n`, {}, ['2:9']],
] as [string, string, Partial<EntryPlace>, string[]][])(
  '%s is refused at its place',
  (_, text, over, places) => {
    expect(problemsOf(text, over)).toEqual(places);
  },
);

it.each(['hookBody: [x]\n', 'hookBody: ""\n', 'hookBody: "#!/bin/sh"\n'])(
  'a problem of a body is at the body: %j',
  (text) => {
    expect(problemsOf(`name: a\n${text}`)).toEqual(['2:11']);
    expect(problemsOf(`name: a\n${text.replace('hookBody', 'hook_body')}`)).toEqual(['2:12']);
  },
);

it('every problem of an entry is listed at once', () => {
  const text = 'name: system__x\nscript: "#!/bin/sh"\nmatcher: "["\ntimeout: 0.5\nsources: [a]\n';
  expect(problemsOf(text, tool).toSorted()).toEqual(['1:7', '2:9', '3:10', '4:10', '5:10']);
});

it.each([
  ['script: x\nfoo: 1\ntimeout: 0.5\n', ['2:1', '3:10']],
  ['script: ""\nfoo: 1\nfail_mode: open\n', ['2:1', '3:12']],
  ['script: x\nfailMode: allow\nfail_mode: block\ntimeout: 0.5\n', ['3:1', '4:10']],
])('an unknown or repeated key does not hide what else is wrong: %j', (text, places) => {
  expect(problemsOf(text).toSorted()).toEqual(places);
});

it.each(['fail_modes', 'constructor', '__proto__', 'hasOwnProperty'])(
  'the unknown key %s is named as it was written, with the keys that exist',
  (key) => {
    const [problem] = read(`script: x\n${key}: block\n`).problems;
    expect(problem?.message).toMatch(new RegExp(`"${key}".*failMode`));
  },
);

it('a name of the system tier may carry the reserved prefix', () => {
  expect(hookOf('script: x\nname: system__x\ntier: system\n').name).toBe('system__x');
  expect(hookOf('script: x\nname: system__x\n', { tier: 'system' }).name).toBe('system__x');
});

it('a later problem with the script is at the script', () => {
  const { loaded } = read('name: a\nscript: |\n  if\n');
  expect(loaded?.scriptProblem('m')).toEqual({
    file: 'f.yaml',
    line: 2,
    column: 9,
    path: ['script'],
    message: 'm',
  });
  expect(read('command: if\n').loaded?.scriptProblem('m')).toMatchObject({ line: 1, column: 10 });
  expect(read('name: a\nhookBody: if\n').loaded?.scriptProblem('m')).toMatchObject({
    line: 2,
    column: 11,
    path: ['hookBody'],
  });
});

it('an event name is the spelling of the dialect, or a problem at its key', () => {
  const document = source('a: 1\nbefore_tool: []\n');
  expect(readEventName(document, ['a'], azure, 'pre_tool_use')).toEqual({
    event: 'PreToolUse',
    problems: [],
  });
  expect(readEventName(document, ['before_tool'], azure, 'before_tool').problems).toMatchObject([
    { line: 2, column: 1 },
  ]);
});

it('a bug of ours is not blamed on the file', () => {
  const broken = (key: 'events' | 'maxScriptBytes') =>
    Object.defineProperty({ ...azure }, key, {
      get() {
        throw new TypeError('bug');
      },
    });
  expect(() => readEventName(source('a: 1'), ['a'], broken('events'), 'Stop')).toThrow(TypeError);
  expect(() => read('script: x', { dialect: broken('maxScriptBytes') })).toThrow(TypeError);
});

it('too many files are a problem at the command', () => {
  const project = projectOf(
    Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`f${at}`, ''])),
  );
  const { problems } = read('files: ["*"]\ncommand: exit 0\n', { project });
  expect(problems).toEqual([
    expect.objectContaining({ line: 2, message: expect.stringContaining('256 are the most') }),
  ]);
});

it('a timeout that is too long becomes the longest, and that is told at its place', () => {
  const { loaded, problems } = read('script: exit 2\ntimeout_seconds: 301\n');
  expect(problems).toEqual([]);
  expect(loaded?.hook.timeoutMs).toBe(300_000);
  expect(loaded?.warnings).toMatchObject([
    { line: 2, column: 18, message: expect.stringMatching(/301 s.*300 s/) },
  ]);
  expect(read('script: exit 2\ntimeout: 300\n').loaded?.warnings).toEqual([]);
});

it('a hook that is not enabled is left out, but must be a good one', () => {
  expect(read('script: x\nenabled: false\n')).toEqual({ problems: [] });
  expect(hookOf('script: x\nenabled: true\n').name).toBe('Stop[0]');
  expect(problemsOf('script: ""\nenabled: false\n')).toEqual(['1:9']);
});

it('how often a hook may reject counts at the end of a turn only', () => {
  expect(hookOf('script: x\nmaxRejections: 3\n').maxRejections).toBe(3);
  expect(hookOf('script: x\nmatcher: "*"\nmaxRejections: 3\n', tool).maxRejections).toBeUndefined();
});
