import { expect, it } from 'vitest';
import { builtInContents } from '../../src/bundling/needs/profiles.ts';
import type { FileHint } from '../../src/files/agents/agent-file.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';

const profiles = [...builtInContents, { name: 'tools', programs: ['gh'], modules: [] }];
const unknown = 'There is no profile "huge". Known: small, full, tools.';

function own(keys: object, hint: FileHint = { profiles }) {
  const hooks = { Stop: [{ command: 'exit 0', ...keys }] };
  const text = JSON.stringify({ dialect: 'claude-code', hooks });
  return parseHooksFile('hooks.json', text, hint).hooks[0];
}

function agents(keys: object) {
  const hooks = { Stop: [{ hooks: [{ type: 'command', command: 'gh pr list', ...keys }] }] };
  const hint = { dialect: 'claude-code', profiles };
  return parseHooksFile('.claude/settings.json', JSON.stringify({ hooks }), hint).hooks[0];
}

it('a hook gets the profile that it names, and is told what lacks there', () => {
  expect(own({ profile: 'tools' })?.hook.profile).toBe('tools');
  const lacking = own({ script: '#!/bin/bash\ngit log', command: undefined, profile: 'tools' });
  expect(lacking?.hook).toMatchObject({
    profile: 'tools',
    lacks: ["line 2: git is not in the sandbox's image."],
  });
});

it('a hook that names none gets the first that lacks nothing; the default one is not written', () => {
  expect(own({})?.hook).not.toHaveProperty('profile');
  expect(own({ command: 'git log' })?.hook.profile).toBe('full');
  expect(own({ profile: 'small' })?.hook).not.toHaveProperty('profile');
});

it('a name that no profile has refuses a file in the own shape', () => {
  expect(() => own({ profile: 'huge' })).toThrow(unknown);
  expect(() => own({ profile: 'tools' }, {})).toThrow('Known: small, full.');
});

it('a hook of an agent has it as a key of hookpool', () => {
  expect(agents({})?.hook.profile).toBe('tools');
  expect(agents({ profile: 'tools' })).toMatchObject({ hook: { profile: 'tools' }, warnings: [] });
  expect(agents({ profile: 'huge' })?.hook.action).toMatchObject({
    kind: 'unsupported',
    reason: unknown,
  });
});

it('Azure documents have it too', () => {
  const hook = { type: 'command', script: 'gh pr list' };
  const document = { kind: 'GlobalHook', spec: { eventType: 'Stop', hook } };
  const { hooks } = parseHooksFile('x.json', JSON.stringify(document), { profiles });
  expect(hooks[0]?.hook.profile).toBe('tools');
});
