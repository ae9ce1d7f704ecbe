import { expect, it } from 'vitest';
import { looksLikeToml, parseToml } from '../../src/files/toml.ts';

const config = `# settings
model = "m"
numbers = [1, 2.5, true]
when = 2026-01-02
limits = { soft = 1, "hard one" = 2 }
a.b.c = 'x'

[[hooks.Stop]]
[[hooks.Stop.hooks]]
type = "command"
command = """
exit 2"""

[[hooks.Stop.hooks]]
type = "command"

[[hooks.Stop]]
matcher = "x"

[tools."web search"]
on = true
`;

function read(text: string) {
  const { documents, problems } = parseToml('f.toml', text);
  if (documents[0] === undefined) throw new Error(JSON.stringify(problems));
  return documents[0];
}

it('tables, lists of tables, dotted keys and inline tables have the value that TOML gives them', () => {
  expect(read(config).value).toEqual({
    model: 'm',
    numbers: [1, 2.5, true],
    when: expect.stringContaining('2026'),
    limits: { soft: 1, 'hard one': 2 },
    a: { b: { c: 'x' } },
    hooks: {
      Stop: [
        { hooks: [{ type: 'command', command: 'exit 2' }, { type: 'command' }] },
        { matcher: 'x' },
      ],
    },
    tools: { 'web search': { on: true } },
  });
});

it.each([
  [['model'], 'value', 2, 9],
  [['model'], 'key', 2, 1],
  [['numbers', 1], 'value', 3, 15],
  [['limits', 'hard one'], 'value', 5, 35],
  [['a', 'b', 'c'], 'value', 6, 9],
  [['hooks', 'Stop', 0, 'hooks', 0, 'command'], 'value', 11, 11],
  [['hooks', 'Stop', 0, 'hooks', 1, 'type'], 'key', 15, 1],
  [['hooks', 'Stop', 1, 'matcher'], 'value', 18, 11],
  [['tools', 'web search', 'on'], 'value', 21, 6],
] as const)('the problem at %j, %s, is at %i:%i', (path, at, line, column) => {
  expect(read(config).problem(path, 'm', at)).toEqual({
    file: 'f.toml',
    line,
    column,
    path,
    message: 'm',
  });
});

it('what TOML does not allow is told with its place', () => {
  const { documents, problems } = parseToml('f.toml', 'a = 1\nb = [\n');
  expect(documents).toEqual([]);
  expect(problems).toMatchObject([
    { file: 'f.toml', line: 3, column: 1, message: expect.stringMatching(/\.$/) },
  ]);
});

it('a key called __proto__ is a key of its table and of no other object', () => {
  const { value } = read('[a]\n__proto__.polluted = 1\n[__proto__]\npolluted = 1\n');
  expect(Object.keys(value as object)).toEqual(['a', '__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it.each([
  ['[hooks]\n', true],
  ['# x\n\n[[hooks.PreToolUse]] # first\n', true],
  ['\uFEFFmodel = "x"\r\n', true],
  ['"a b" = 1', true],
  ['hooks:\n  Stop: []\n', false],
  ['{"hooks": {}}', false],
  ['[1, 2]', false],
  ['', false],
])('%j is TOML: %s', (text, expected) => {
  expect(looksLikeToml(text)).toBe(expected);
});

it.each([
  ['arrays', `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['inline tables', `a = ${'{a = '.repeat(65)}1${'}'.repeat(65)}`],
  ['inline tables of dotted keys', `a = ${'{b.c = '.repeat(33)}1${'}'.repeat(33)}`],
  ['dotted keys', `${'a.'.repeat(65)}a = 1`],
  ['names of tables', `[${'a.'.repeat(65)}a]`],
  ['names of lists of tables', `[[${'a.'.repeat(65)}a]]`],
  ['keys of a deep table', `[${'a.'.repeat(40)}a]\n${'b.'.repeat(40)}b = 1`],
])(
  '%s nested deeper than 64 levels are refused before anything recursive reads them',
  (_, text) => {
    const { documents, problems } = parseToml('f.toml', text);
    expect(documents).toEqual([]);
    expect(problems).toMatchObject([
      { message: 'The file is nested deeper than 64 levels: make it flatter.' },
    ]);
  },
);
