/** What is wrong with one hook of hookpool's own format, and where. */
import { expect, it } from 'vitest';
import type { EntryPlace } from '../../src/files/loaded-hook.ts';
import { problemsOf, read, tool } from './entry-samples.ts';

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
  ['an async hook with failMode ask', 'script: x\nfailMode: ask\nasync: true\n', {}, ['3:8']],
  ['an async shadow hook', 'script: x\nshadow: true\nasync: true\n', {}, ['2:9']],
  ['once with a text', 'script: x\nonce: "yes"\n', {}, ['2:7']],
  ['an endless timeout', 'script: x\ntimeout: .inf\n', {}, ['2:10']],
  ['a timeout that is no number', 'script: x\ntimeout: .nan\n', {}, ['2:10']],
  ['a timeout with a unit', 'script: x\ntimeout: 30s\n', {}, ['2:10']],
  ['a failMode of another word', 'script: x\nfail_mode: open\n', {}, ['2:12']],
  ['a failMode of nothing', 'script: x\nfail_mode:\n', {}, ['2:11']],
  ['an activation of another word', 'script: x\nactivationMode: sometimes\n', {}, ['2:17']],
  ['a tier of another word', 'script: x\ntier: user\n', {}, ['2:7']],
  ['a type of another word', 'type: web\nscript: x\n', {}, ['1:7']],
  ['0 rejections', 'script: x\nmax_rejections: 0\n', {}, ['2:17']],
  ['26 rejections', 'script: x\nmaxRejections: 26\n', {}, ['2:16']],
  ['half a rejection', 'script: x\nmaxRejections: 1.5\n', {}, ['2:16']],
  ['sources that are no list', 'script: x\nsources: chat\n', { event: 'Start' }, ['2:10']],
  ['a source that is no text', 'script: x\nsources: [chat, 1]\n', { event: 'Start' }, ['2:17']],
  ['no matcher for a tool event', 'name: a\nscript: x\n', tool, ['1:1']],
  ['a matcher that is no expression', 'script: x\nmatcher: "["\n', tool, ['2:10']],
  ['a matcher that is a mapping', 'script: x\nmatcher: {pattern: x}\n', tool, ['2:10']],
  ['a matcher whose pattern is a list', 'script: x\nmatcher: {toolPattern: [x]}\n', tool, ['2:10']],
  ['script and command', 'script: exit 0\ncommand: exit 0\n', {}, ['2:10']],
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
