/** `hookpool install` of every agent, into files with odd formatting, and out again. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentNames, namedAgent } from '../../../src/cli/install/places.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { MadeUpHome } from '../../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
});
afterEach(() => home.remove());

/** A hook that somebody else has put under the same event. */
const foreign = '{"matcher": "x",   "hooks": [ {"type":"command","command":"echo  hi"} ]}';

/** Texts of a settings file in JSON; EVENT stands for the event before a tool. */
const jsonFiles: Readonly<Record<string, string>> = {
  'an empty file': '',
  'a file of blanks': ' \n\n',
  'an empty mapping': '{}',
  'an empty mapping in lines': '{\n\n}\n',
  'other keys on one line': '{"permissions":{"allow":["Read"]},"model":"x"}',
  'other keys with blanks': '{ "model" : "x" }\n',
  'tabs, and no end of the last line': '{\n\t"model": "x",\n\t"hooks": {\n\t\t"Other": []\n\t}\n}',
  'CR LF': '{\r\n    "model": "x"\r\n}\r\n',
  'a mark of the byte order': '\uFEFF{\n  "hooks": {}\n}\n',
  'comments and trailing commas': `// mine\n{\n  "hooks": { // all\n    "EVENT": [\n      ${foreign}, // keep, this\n    ],\n  }, /* end */\n}\n`,
  'a comment after the last hook': `{\n  "hooks": {\n    "EVENT": [\n      ${foreign} // keep\n    ]\n  }\n}\n`,
  'a comment alone in a list':
    '{\n  "hooks": {\n    "EVENT": [\n      // none yet\n    ]\n  }\n}\n',
  'foreign hooks on one line': `{"hooks": {"EVENT": [${foreign}]}, "z": 1}`,
  'signs of every alphabet': '{\n  "note": "žluťoučký 🐎 \\u00e9"\n}\n',
};

const agents = agentNames.map((name) => ({ name, ...namedAgent(name) }));
const withPlace = agents.filter(({ format }) => format.bridge.project !== undefined);
const inJson = agents.filter(({ format }) => format.bridge.layout === 'settings');
const fileOf = ({ format }: (typeof agents)[number]) => format.bridge.project ?? 'agent.json';
const fileArgs = ({ format }: (typeof agents)[number]) =>
  format.bridge.project === undefined ? ['--file', 'agent.json'] : [];

test('no agent with a file format is left out', () => {
  expect(agentNames).toHaveLength(14);
  expect(inJson.length).toBeGreaterThan(10);
});

describe.each(inJson)('$name', (agent) => {
  const [gate] = agent.format.bridge.events;
  const cases = Object.entries(jsonFiles).map(([what, text]) => ({ what, text }));

  test.each(cases)(
    '$what: adds text only, twice is once, and comes out again',
    async ({ text }) => {
      const before = text.replaceAll('EVENT', gate);
      home.write(fileOf(agent), before);
      const tree = home.tree();
      const first = await home.call('install', agent.name, ...fileArgs(agent));
      expect(first).toMatchObject({ code: 0, stderr: '' });
      const after = home.read(fileOf(agent));
      expect(isSubsequence(before, after)).toBe(true);
      expect(after).toContain(`--dialect ${agent.name} --hookset guard`);
      for (const event of agent.format.bridge.events) expect(after).toContain(`"${event}"`);
      expect(after.includes('\n') && /[^\r]\n/.test(after)).toBe(
        !before.includes('\r') && after.includes('\n'),
      );
      expect((await home.call('install', agent.name, ...fileArgs(agent))).stdout).toContain(
        'already',
      );
      expect(home.read(fileOf(agent))).toBe(after);
      await home.call('install', agent.name, '--remove', ...fileArgs(agent));
      expect(home.tree()).toEqual(tree);
    },
  );

  test('its own reader finds nothing but the bridge, at every event', async () => {
    await home.call('install', agent.name, ...fileArgs(agent));
    const text = home.read(fileOf(agent));
    const read = () =>
      parseHooksFile('f.json', text.replaceAll(/"[^"]*hook --dialect [^"]*"/g, '"cat"'), {
        dialect: agent.name,
        path: `/p/${fileOf(agent)}`,
      });
    const { hooks, warnings = [] } = read();
    expect(hooks.map(({ hook }) => hook.event)).toEqual(agent.format.bridge.events);
    expect(warnings).toEqual([]);
  });

  test.each([
    '{"hooks": []}',
    '{"hooks": {"EVENT": {}}}',
    '{"a": ',
    '[]',
    '{"a": 1} x',
    "{'a': 1}",
  ])('leaves %s alone and tells line and column', async (text) => {
    const before = text.replaceAll('EVENT', gate);
    home.write(fileOf(agent), before);
    const tree = home.tree();
    const { code, stderr } = await home.call('install', agent.name, ...fileArgs(agent));
    expect(code).toBe(64);
    expect(stderr).toMatch(/\.json:1:\d+: .*\n?[\s\S]*Nothing was changed/);
    expect(home.tree()).toEqual(tree);
  });
});

test.each(withPlace)('$name: files and folders that install has made go again', async (agent) => {
  expect(await home.call('install', agent.name)).toMatchObject({ code: 0, stderr: '' });
  expect(Object.keys(home.tree())).toContain(
    fileOf(agent).replace('*', agent.format.bridge.events[0]),
  );
  await home.call('install', agent.name, '--remove');
  expect(home.tree()).toEqual({});
});

test.each([
  [['copilot'], ['vscode']],
  [['vscode'], ['copilot']],
])('a folder that %j and %j share goes with the last file', async ([first = ''], [second = '']) => {
  for (const name of [first, second]) await home.call('install', name);
  await home.call('install', first, '--remove');
  expect(Object.keys(home.tree())).toHaveLength(3);
  await home.call('install', second, '--remove');
  expect(home.tree()).toEqual({});
});

test('the folder of several scripts goes with the last of them', async () => {
  await home.call('install', 'cline', '--event', 'TaskStart', '--event', 'PreToolUse');
  await home.call('install', 'cline', '--remove');
  expect(home.tree()).toEqual({});
});

/** Whether the text is the other one without some of its characters, in the same order. */
function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const char of whole)
    if (char === String.fromCodePoint(part.codePointAt(at) ?? -0 + 0x10ffff)) at += char.length;
  return at === part.length;
}
