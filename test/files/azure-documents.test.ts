import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { hooksOf, parse, problemsOf, refusal } from './samples.ts';

it.each([
  ['kind: ExtendedAgent\nspec:\n  hooks:\n    Stop:\n      - script: exit 0\n', undefined],
  [
    'api_version: azuresre.ai/v2\nkind: extendedagent\nmetadata: {name: sre}\nspec:\n  hooks:\n    stop: [{script: exit 0}]\n',
    'sre',
  ],
  [
    'type: ExtendedAgent\nname: sre\nproperties:\n  instructions: x\n  hooks:\n    Stop: [{script: exit 0}]\n',
    'sre',
  ],
  [
    'apiVersion: azuresre.ai/v2\nkind: ExtendedAgent\nname: 7\nspec: {hooks: {Stop: [{script: exit 0}]}}\n',
    undefined,
  ],
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
    'kind: globalhook\nname: end\ndescription: d\nevent_type: Stop\nactivation_mode: On-Demand\nhook: {command: exit 0}\n',
    { name: 'end', event: 'Stop', activation: 'on-demand', failMode: 'allow' },
  ],
  [
    'Bicep',
    "type: GlobalHook\nproperties:\n  eventType: 'PreToolUse'\n  hook:\n    hookType: 'Command'\n    hookBody: |\n      #!/usr/bin/env python3\n      pass\n    matcher: {toolPattern: 'Bash|Run.*'}\n",
    { name: 'global-hook', event: 'PreToolUse', activation: 'always', matcher: 'Bash|Run.*' },
  ],
  [
    'prompt',
    'kind: GlobalHook\neventType: Stop\nhook: {hookType: Prompt, hookBody: Done?}\n',
    { event: 'Stop', action: { kind: 'prompt', prompt: 'Done?' } },
  ],
  [
    'own name',
    'kind: GlobalHook\nname: outer\neventType: Stop\nhook: {name: inner, script: x}\n',
    { name: 'inner' },
  ],
])('a GlobalHook in the %s shape is read', (_, text, expected) => {
  const set = parse(text);
  expect(set).toMatchObject({ format: 'azure-global-hook', dialect: azure });
  expect(set.hooks.map(({ hook }) => hook)).toMatchObject([{ tier: 'global', ...expected }]);
});

it.each([
  ['another API version', 'api_version: azuresre.ai/v1\nkind: ExtendedAgent\nspec: {}\n', ['1:14']],
  ['an agent without a spec', 'kind: ExtendedAgent\nmetadata: {name: a}\n', ['1:1']],
  ['an agent whose spec is a text', 'kind: ExtendedAgent\nspec: x\n', ['2:7']],
  [
    'an agent with a bad version and no spec',
    'kind: ExtendedAgent\napiVersion: v1\n',
    ['2:13', '1:1'],
  ],
  ['an agent whose hooks are a list', 'kind: ExtendedAgent\nspec:\n  hooks: []\n', ['3:10']],
  [
    'a hook of an agent',
    'kind: ExtendedAgent\nspec:\n  hooks:\n    Stop: [{script: x, foo: 1}]\n',
    ['4:24'],
  ],
  [
    'a global hook of another version',
    'kind: GlobalHook\napi_version: 2\neventType: Stop\nhook: {script: x}\n',
    ['2:14'],
  ],
  [
    'a global hook of an unknown event',
    'kind: GlobalHook\nspec:\n  event_type: Before\n  hook: {script: x}\n',
    ['3:3'],
  ],
  ['a global hook without an event', 'kind: GlobalHook\nspec:\n  hook: {script: x}\n', ['3:3']],
  [
    'an unknown key in a global hook',
    'kind: GlobalHook\nspec:\n  event_type: Stop\n  hok: 1\n  hook: {script: x}\n',
    ['4:3'],
  ],
  [
    'an unknown activation',
    'kind: GlobalHook\nspec:\n  event_type: Stop\n  activation_mode: maybe\n  hook: {script: x}\n',
    ['4:20'],
  ],
  ['a global hook without its hook', 'kind: GlobalHook\nspec:\n  event_type: Stop\n', ['3:3']],
  [
    'a bad hook in a global hook',
    'kind: GlobalHook\nspec:\n  event_type: Stop\n  hook: {script: x, timeout: 0.5}\n',
    ['4:30'],
  ],
  [
    'enabled with a text',
    'kind: GlobalHook\neventType: Stop\nenabled: "no"\nhook: {script: x}\n',
    ['3:10'],
  ],
  [
    'a static decision',
    'kind: GlobalHook\nspec:\n  event_type: Stop\n  permission_decision: deny\n  hook: {script: x}\n',
    ['4:3'],
  ],
  [
    'a name with a blank',
    'kind: GlobalHook\nname: no rm\neventType: Stop\nhook: {script: x}\n',
    ['2:7'],
  ],
  ['an empty name', 'kind: GlobalHook\nname: ""\neventType: Stop\nhook: {script: x}\n', ['2:7']],
  [
    'a name of 129 letters',
    `kind: GlobalHook\nname: ${'n'.repeat(129)}\neventType: Stop\nhook: {script: x}\n`,
    ['2:7'],
  ],
  [
    'a name of the system tier',
    'kind: GlobalHook\nname: system__x\neventType: Stop\nhook: {script: x}\n',
    ['2:7'],
  ],
  [
    'a name with a blank in metadata',
    'kind: GlobalHook\nmetadata: {name: a b}\nspec: {eventType: Stop, hook: {script: x}}\n',
    ['2:18'],
  ],
  [
    'spec beside properties',
    'kind: GlobalHook\nspec: {eventType: Stop, hook: {script: x}}\nproperties: {eventType: Stop, hook: {script: y}}\n',
    ['3:1'],
  ],
  [
    'enabled beside its body',
    'kind: GlobalHook\nenabled: false\nspec: {eventType: Stop, hook: {script: x}}\n',
    ['2:1'],
  ],
  ['a kind of its own making', 'kind: &a [*a]\n', ['1:11']],
  [
    'an ordered map for a spec',
    'kind: ExtendedAgent\nspec: !!omap [hooks: {Stop: [{script: x}]}]\n',
    ['2:7'],
  ],
  ['a set for its hooks', 'hooks: !!set {Stop}\n', ['1:8']],
  [
    'a name that is a number',
    'kind: GlobalHook\nname: 7\neventType: Stop\nhook: {script: x}\n',
    ['2:7'],
  ],
  [
    'a name that is a mapping',
    'kind: GlobalHook\nname: {toString: 1}\neventType: Stop\nhook: {script: x}\n',
    ['2:7'],
  ],
  ['an event that is a list', 'kind: GlobalHook\neventType: [Stop]\nhook: {script: x}\n', ['2:1']],
  [
    'an event that is a mapping',
    'kind: GlobalHook\neventType: {toString: 1}\nhook: {script: x}\n',
    ['2:1'],
  ],
  [
    'two spellings of the event',
    'kind: GlobalHook\neventType: Stop\nevent_type: Start\nhook: {script: x}\n',
    ['3:1'],
  ],
  [
    'two spellings of failMode',
    'kind: GlobalHook\neventType: Stop\nhook:\n  script: x\n  failMode: allow\n  fail_mode: block\n',
    ['6:3'],
  ],
  [
    'constructor',
    'kind: GlobalHook\neventType: Stop\nconstructor: 1\nhook: {script: x}\n',
    ['3:1'],
  ],
  [
    '__proto__',
    'kind: GlobalHook\nspec:\n  eventType: Stop\n  __proto__: {}\n  hook: {script: x}\n',
    ['4:3'],
  ],
  [
    'a body that is wrong',
    'kind: GlobalHook\neventType: Stop\nhook:\n  hookType: command\n  hookBody: ""\n',
    ['5:13'],
  ],
])('%s is refused at its place', (_, text, places) => {
  expect(problemsOf(text)).toEqual(places);
});

it.each([
  ['permissionDecision: ask', /permissionDecision.*print it/],
  ['permission_decision: ask', /permissionDecision.*print it/],
  ['constructor: 1', /"constructor".*eventType/],
  ['hok: 1', /"hok".*eventType/],
])('%s in a global hook is refused by its name, with what to do', (line, message) => {
  const { problems } = refusal(`kind: GlobalHook\neventType: Stop\n${line}\nhook: {script: x}\n`);
  expect(problems).toMatchObject([{ line: 3, column: 1, message: expect.stringMatching(message) }]);
});

it.each(['n'.repeat(128), '0', 'No-rm_1', 'system_x'])(
  '%s is the name of a global hook',
  (name) => {
    expect(
      hooksOf(`kind: GlobalHook\nname: "${name}"\neventType: Stop\nhook: {script: x}\n`),
    ).toMatchObject([{ name }]);
  },
);

it('every problem of a global hook is listed at once', () => {
  const text =
    'kind: GlobalHook\nname: a b\neventType: Nope\nenabled: 1\nactivation: maybe\nhook: {script: x}\n';
  expect(problemsOf(text).toSorted()).toEqual(['2:7', '3:1', '4:10', '5:13']);
});

it('a later problem with the body of a global hook is at the body', () => {
  const [loaded] = parse('kind: GlobalHook\neventType: Stop\nhook:\n  hookBody: if\n').hooks;
  expect(loaded?.scriptProblem('m')).toMatchObject({ line: 4, column: 13 });
});
