import { expect, it } from 'vitest';
import { azure } from '../../../src/protocol/dialects/azure.ts';
import {
  formatProblems,
  type HookSet,
  InvalidHooksError,
  orderHooks,
  parseHooksFile,
} from '../../../src/protocol/files/hooks-file.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import { sampleHook } from '../samples.ts';

function parse(text: string): HookSet {
  return parseHooksFile('f.yaml', text);
}

function hooksOf(text: string): Hook[] {
  return parse(text).hooks.map(({ hook }) => hook);
}

function refusal(text: string): InvalidHooksError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InvalidHooksError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function problemsOf(text: string): string[] {
  return refusal(text).problems.map(({ line, column }) => `${line}:${column}`);
}

const own = `# guards
dialect: azure
description: mine
hooks:
  pre_tool_use:
    - name: no-rm
      matcher: Bash
      script: exit 0
    - matcher: "*"
      command: exit 2
  Stop:
    - script: exit 0
`;

it('our own file gives its hooks in order, in the agent tier', () => {
  const set = parse(own);
  expect(set).toMatchObject({ file: 'f.yaml', format: 'hookpool', dialect: azure });
  expect(set.hooks.map(({ hook }) => [hook.event, hook.name, hook.tier])).toEqual([
    ['PreToolUse', 'no-rm', 'agent'],
    ['PreToolUse', 'PreToolUse[1]', 'agent'],
    ['Stop', 'Stop[0]', 'agent'],
  ]);
});

it('the same file may be JSON', () => {
  const text = JSON.stringify({ hooks: { Stop: [{ script: 'exit 0', failMode: 'block' }] } }, null, 2);
  expect(hooksOf(text)).toMatchObject([{ event: 'Stop', failMode: 'block' }]);
});

it.each(['hooks: {}\n', 'dialect:\nhooks: {Stop: []}\n'])('%j holds no hooks and is fine', (text) => {
  expect(parse(text)).toMatchObject({ dialect: azure, hooks: [] });
});

it.each([
  ['kind: ExtendedAgent\nspec:\n  hooks:\n    Stop:\n      - script: exit 0\n', undefined],
  [
    'api_version: azuresre.ai/v2\nkind: extendedagent\nmetadata: {name: sre}\nspec:\n  hooks:\n    stop: [{script: exit 0}]\n',
    'sre',
  ],
  ['type: ExtendedAgent\nname: sre\nproperties:\n  instructions: x\n  hooks:\n    Stop: [{script: exit 0}]\n', 'sre'],
  ['apiVersion: azuresre.ai/v2\nkind: ExtendedAgent\nname: 7\nspec: {hooks: {Stop: [{script: exit 0}]}}\n', undefined],
])('an ExtendedAgent gives its hooks and its name (case %#)', (text, agent) => {
  const set = parse(text);
  expect(set).toMatchObject({ format: 'azure-extended-agent', dialect: azure });
  expect(set.agent).toBe(agent);
  expect(set.hooks.map(({ hook }) => [hook.event, hook.tier])).toEqual([['Stop', 'agent']]);
});

it.each(['kind: ExtendedAgent\nspec: {}\n', 'kind: ExtendedAgent\nspec: {hooks: null}\n'])(
  '%j is an agent without hooks',
  (text) => {
    expect(parse(text)).toMatchObject({ format: 'azure-extended-agent', hooks: [] });
  },
);

it.each([
  [
    'REST body',
    'name: no-rm\ntype: GlobalHook\nproperties:\n  eventType: PostToolUse\n  activationMode: onDemand\n  hook:\n    type: command\n    matcher: Bash\n    script: exit 0\n    failMode: Block\n',
    { name: 'no-rm', event: 'PostToolUse', activation: 'on-demand', failMode: 'block' },
  ],
  [
    'Kubernetes-like',
    'api_version: azuresre.ai/v2\nkind: GlobalHook\nmetadata: {name: no-rm}\nspec:\n  event_type: post_tool_use\n  activation_mode: always\n  hook: {matcher: "*", script: exit 0, fail_mode: block}\n',
    { name: 'no-rm', event: 'PostToolUse', activation: 'always', failMode: 'block' },
  ],
  [
    'flat',
    'kind: globalhook\nname: end\ndescription: d\nenabled: true\nevent_type: Stop\nactivation_mode: On-Demand\nhook: {command: exit 0}\n',
    { name: 'end', event: 'Stop', activation: 'on-demand', failMode: 'allow' },
  ],
  [
    'Bicep',
    "type: GlobalHook\nproperties:\n  eventType: 'PreToolUse'\n  permissionDecision: ask\n  hook:\n    hookType: 'Command'\n    hookBody: |\n      #!/usr/bin/env python3\n      pass\n    matcher: {toolPattern: 'Bash|Run.*'}\n",
    { name: 'global-hook', event: 'PreToolUse', activation: 'always', matcher: 'Bash|Run.*' },
  ],
  ['prompt', 'kind: GlobalHook\neventType: Stop\nhook: {hookType: Prompt, hookBody: Done?}\n', { event: 'Stop', script: null }],
  ['own name', 'kind: GlobalHook\nname: outer\neventType: Stop\nhook: {name: inner, script: x}\n', { name: 'inner' }],
])('a GlobalHook in the %s shape is read', (_, text, expected) => {
  const set = parse(text);
  expect(set).toMatchObject({ format: 'azure-global-hook', dialect: azure });
  expect(set.hooks.map(({ hook }) => hook)).toMatchObject([{ tier: 'global', ...expected }]);
});

it('several documents in one file give all of their hooks', () => {
  const text = 'hooks:\n  Stop: [{name: a, script: x}]\n---\nkind: GlobalHook\nname: b\neventType: Stop\nhook: {script: y}\n';
  const set = parse(text);
  expect(set.format).toBe('hookpool');
  expect(set.hooks.map(({ hook }) => [hook.name, hook.tier])).toEqual([
    ['a', 'agent'],
    ['b', 'global'],
  ]);
});

it.each([
  ['an empty file', '', ['1:1']],
  ['a list', '- hooks\n', ['1:1']],
  ['a text', 'exit 0\n', ['1:1']],
  ['null', 'null\n', ['1:1']],
  ['a key that comes twice', 'hooks:\n  Stop: []\n  Stop: []\n', ['3:3']],
  ['no hooks', 'description: x\n', ['1:1']],
  ['hooks that are a list', 'hooks:\n  - Stop\n', ['2:3']],
  ['hooks of nothing', 'hooks:\n', ['1:7']],
  ['an unknown key at the top', 'hook:\n  Stop: []\nhooks: {}\n', ['1:1']],
  ['__proto__ at the top', 'hooks: {}\n__proto__: {}\n', ['2:1']],
  ['an unknown dialect', 'dialect: cobol\nhooks: {}\n', ['1:10']],
  ['a dialect that is no text', 'dialect: [azure, x]\nhooks: {}\n', ['1:10']],
  ['an unknown key and an unknown dialect', 'x: 1\ndialect: cobol\nhooks: {}\n', ['1:1', '2:10']],
  ['an unknown event', 'hooks:\n  BeforeTool: []\n', ['2:3']],
  ['an event __proto__', 'hooks:\n  __proto__: []\n', ['2:3']],
  ['an event without a list', 'hooks:\n  Stop: {script: x}\n', ['2:9']],
  ['an unknown event without a list', 'hooks:\n  BeforeTool: 5\n', ['2:3', '2:15']],
  ['an unknown kind', 'hooks: {}\nkind: Deployment\n', ['2:7']],
  ['a hook that is no mapping', 'hooks:\n  Stop:\n    - exit 0\n', ['3:7']],
  ['an unknown key in a hook', 'hooks:\n  Stop:\n    - script: x\n      retries: 3\n', ['4:7']],
  ['one name for two hooks', 'hooks:\n  Stop:\n    - {name: a, script: x}\n    - name: a\n      script: y\n', ['5:15']],
  [
    'one name for two prompt hooks',
    'hooks:\n  Stop:\n    - {name: a, type: prompt, prompt: p}\n    - {name: a, type: prompt, prompt: p}\n',
    ['4:7'],
  ],
  ['another API version', 'api_version: azuresre.ai/v1\nkind: ExtendedAgent\nspec: {}\n', ['1:14']],
  ['an agent without a spec', 'kind: ExtendedAgent\nmetadata: {name: a}\n', ['1:1']],
  ['an agent whose spec is a text', 'kind: ExtendedAgent\nspec: x\n', ['2:7']],
  ['an agent with a bad version and no spec', 'kind: ExtendedAgent\napiVersion: v1\n', ['2:13', '1:1']],
  ['an agent whose hooks are a list', 'kind: ExtendedAgent\nspec:\n  hooks: []\n', ['3:10']],
  ['a hook of an agent', 'kind: ExtendedAgent\nspec:\n  hooks:\n    Stop: [{script: x, foo: 1}]\n', ['4:24']],
  ['a global hook of another version', 'kind: GlobalHook\napi_version: 2\neventType: Stop\nhook: {script: x}\n', ['2:14']],
  ['a global hook of an unknown event', 'kind: GlobalHook\nspec:\n  event_type: Before\n  hook: {script: x}\n', ['3:3']],
  ['a global hook without an event', 'kind: GlobalHook\nspec:\n  hook: {script: x}\n', ['3:3']],
  ['an unknown key in a global hook', 'kind: GlobalHook\nspec:\n  event_type: Stop\n  hok: 1\n  hook: {script: x}\n', ['4:3']],
  [
    'an unknown activation',
    'kind: GlobalHook\nspec:\n  event_type: Stop\n  activation_mode: maybe\n  hook: {script: x}\n',
    ['4:20'],
  ],
  ['a global hook without its hook', 'kind: GlobalHook\nspec:\n  event_type: Stop\n', ['3:3']],
  ['a bad hook in a global hook', 'kind: GlobalHook\nspec:\n  event_type: Stop\n  hook: {script: x, timeout: 0}\n', ['4:30']],
  ['an error in the second document', 'hooks: {}\n---\nhooks:\n  Nope: []\n', ['4:3']],
])('%s is refused at its place', (_, text, places) => {
  expect(problemsOf(text)).toEqual(places);
});

it('every problem of every document is listed, and nothing is loaded', () => {
  const text = 'hooks:\n  Nope: []\n  Stop:\n    - script: x\n    - script: ""\n---\nkind: Pod\n';
  expect(problemsOf(text)).toEqual(['2:3', '5:15', '7:7']);
});

it('a refusal is an invalid input that carries file, line and column in its text', () => {
  const error = refusal('hooks:\n  Nope: []\n');
  expect(error).toMatchObject({ name: 'InvalidHooksError', code: 'INVALID_HOOKS', retryable: false });
  expect(error.message).toMatch(/^f\.yaml:2:3: /);
});

it('the same name for hooks of two events is fine', () => {
  expect(hooksOf('hooks:\n  Start: [{name: a, script: x}]\n  Stop: [{name: a, script: x}]\n')).toHaveLength(2);
});

it('a problem with a script that is found later has its place in the file', () => {
  const [, second] = parse(own).hooks;
  expect(second?.scriptProblem('m')).toEqual({ file: 'f.yaml', line: 10, column: 16, message: 'm' });
});

it('problems are one line each', () => {
  const problem = { file: 'a.yaml', line: 1, column: 2, message: 'x' };
  expect(formatProblems([problem, { ...problem, line: 3 }])).toBe('a.yaml:1:2: x\na.yaml:3:2: x');
  expect(formatProblems([])).toBe('');
});

it('hooks run tier by tier, and inside a tier in the order in which they were given', () => {
  const named = (name: string, tier: Hook['tier']) => sampleHook({ name, tier });
  const hooks = [named('g1', 'global'), named('a1', 'agent'), named('s1', 'system'), named('g2', 'global'), named('a2', 'agent')];
  expect(orderHooks(azure, hooks).map((hook) => hook.name)).toEqual(['s1', 'a1', 'a2', 'g1', 'g2']);
  expect(orderHooks({ ...azure, tierOrder: ['global', 'system'] }, hooks).map((hook) => hook.name)).toEqual(['g1', 'g2', 's1']);
});
