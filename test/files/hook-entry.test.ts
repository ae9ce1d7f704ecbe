import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { readEventName } from '../../src/files/hook-entry.ts';
import { scriptOf } from '../../src/protocol/action.ts';
import { projectOf } from '../bundling/samples.ts';
import { hookOf, problemsOf, read, source, tool } from './entry-samples.ts';

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
])('a question to a judge is loaded with what its author wrote: %j', (text, kind, asked) => {
  expect(hookOf(text).action).toMatchObject({ kind, ...asked, settings: asked });
});

it('the body of a command hook is its script', () => {
  expect(scriptOf(hookOf('hookType: Command\nhookBody: exit 2\n'))).toEqual({
    runtime: 'bash',
    source: 'exit 2',
  });
});

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

it('of a file of another agent an entry that cannot run is kept as it was read', () => {
  const { loaded, problems } = read('script: x\ntimeout: soon\n', { isAgentFile: true });
  expect(problems).toEqual([]);
  expect(loaded?.hook.action).toMatchObject({
    kind: 'unsupported',
    type: 'command',
    settings: { script: 'x', timeout: 'soon' },
  });
});
