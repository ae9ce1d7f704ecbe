/**
 * Hook files with anything wrong in them: each is a value or a refusal with places, and never
 * another exception.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Composer } from 'yaml';
import { InvalidInputError } from '../../src/errors.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { withoutComments } from '../../src/files/json-comments.ts';
import { type ReadDocuments, SourceDocument } from '../../src/files/source-document.ts';
import { parseToml } from '../../src/files/toml.ts';
import { documentLimits } from '../../src/protocol/limits.ts';
import { nested, pieces } from '../support/hostile/shapes.ts';

const parser = vi.hoisted(() => ({ failure: undefined as Error | undefined }));
vi.mock('toml-eslint-parser', async (original) => {
  const real = await original<typeof import('toml-eslint-parser')>();
  const parseTOML = (text: string) => {
    if (parser.failure !== undefined) throw parser.failure;
    return real.parseTOML(text);
  };
  return { ...real, parseTOML };
});

afterEach(() => {
  parser.failure = undefined;
  vi.restoreAllMocks();
});

const yaml = (text: string) => SourceDocument.parse('f', text);
const toml = (text: string) => parseToml('f', text);

/** The values of a text that can be read. */
function valuesOf({ documents, problems }: ReadDocuments): unknown[] {
  expect(problems).toEqual([]);
  return documents.map(({ value }) => value);
}

/** `line:column message` of every problem. */
function faultsOf({ documents, problems }: ReadDocuments): string[] {
  expect(documents).toEqual([]);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const richYaml = `# é 😀
%YAML 1.2
---
hooks: &all
  PreToolUse: # c
    - {matcher: "a\\x41\\u00e9\\"b", 'it''s': [1, 0x1f, .inf, ~, null], ? [k] : v}
    - &one !!map
      script: |2+
          #!/bin/bash
          exit 2

      folded: >-
        a
        b
      plain: a
        b
    - *one
  ? - complex
  : <<: *one
...
---
- 1
`;
const richJson = `\uFEFF// é 😀
{"hooks": {"PreToolUse": [/* c */ {"matcher": "a\\u00e9\\"b\\\\", "timeout": -1.5e+3, "x": [true, null, {}, []],}]}, "a": 1}
`;
const richToml = `# é 😀
a = "x\\u00e9\\"y" # c
'b c'.d."e" = [1, 0x1f, -1.5e+3, inf, true, 2026-01-02T03:04:05Z,
  {f = 'x', g.h = """
a \\
  b""" }]
[[hooks.Stop]]
command = '''
exit ''2'''
[hooks.x]
[[hooks.Stop]]
`;

describe('a text that is cut at any byte, or has lost a byte, is a value or a refusal', () => {
  const readers = [
    ['YAML', richYaml, yaml],
    ['JSON', richJson, (text: string) => yaml(withoutComments(text))],
    ['TOML', richToml, toml],
  ] as const;

  it.each(readers)('%s', (_, text, read) => {
    const bytes = Buffer.from(text);
    expect(read(text).problems).toHaveLength(0);
    const outcomes = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      const [cut, lost] = [
        bytes.subarray(0, at),
        Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
      ];
      for (const one of [cut.toString(), cut.toString('latin1'), lost.toString()]) {
        const { documents, problems } = read(one);
        outcomes.add(`${documents.length > 0} ${problems.length > 0}`);
        for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThan(0);
        expect(refusalOf(one)).toBeOneOf([undefined, 'INVALID_HOOKS']);
      }
    }
    expect([...outcomes].sort()).toEqual(['false true', 'true false']);
  });

  /** Any other exception fails the test. */
  function refusalOf(text: string): string | undefined {
    try {
      parseHooksFile('f', text);
      return undefined;
    } catch (error) {
      if (error instanceof InvalidInputError) return error.code;
      throw error;
    }
  }
});

describe('an alias', () => {
  const unresolved = (name: string, why: string) => `Unresolved alias (${why}): ${name}.`;

  it.each([
    [
      'inside of the list that it means',
      'a: &a [1, *a]\n',
      '1:11',
      'it stands inside of what it means',
    ],
    [
      'inside of the mapping that it means',
      'a: &a\n  b: {c: *a}\n',
      '2:10',
      'it stands inside of what it means',
    ],
    ['as a key of what it means', 'a: &a {*a : 1}\n', '1:8', 'it stands inside of what it means'],
    ['without an anchor', 'b: *a\n', '1:4', 'the anchor must be set before the alias'],
    ['before its anchor', 'b: *a\na: &a 1\n', '1:4', 'the anchor must be set before the alias'],
    [
      'of another document',
      'a: &a 1\n---\nb: *a\n',
      '3:4',
      'the anchor must be set before the alias',
    ],
  ])('%s is refused at its place', (_, text, place, why) => {
    expect(faultsOf(yaml(text))).toEqual([`${place} ${unresolved('a', why)}`]);
  });

  it('means what its anchor was set to last', () => {
    expect(valuesOf(yaml('- &a 1\n- *a\n- &a 2\n- *a\n- &b\n- *b\n'))).toEqual([
      [1, 1, 2, 2, null, null],
    ]);
  });

  it('that multiplies values over the limit is refused once, at its place', () => {
    const text = `- &a [${'0,'.repeat(999)}0]\n${'- *a\n'.repeat(200)}`;
    expect(faultsOf(yaml(text))).toEqual([
      '100:3 The file has more than 100000 values: use fewer aliases.',
    ]);
    expect(yaml(`- &a [${'0,'.repeat(999)}0]\n${'- *a\n'.repeat(98)}`).problems).toEqual([]);
  });

  it('counts as deep as what it means', () => {
    const deep = (levels: number) =>
      `- &a ${nested(40, '[', ']')}\n- ${nested(levels, '[', ']', '*a')}\n`;
    expect(yaml(deep(23)).problems).toEqual([]);
    expect(faultsOf(yaml(deep(24)))).toEqual([
      '2:27 The file is nested deeper than 64 levels: make it flatter.',
    ]);
  });

  it('behind a refusal is not read any more', () => {
    const text = `- &a ${nested(40, '[', ']')}\n- ${nested(30, '[', ']', '*a, *missing')}\n- *missing\n- {a: 1, a: 2}\n`;
    expect(faultsOf(yaml(text))).toHaveLength(1);
  });
});

describe('keys', () => {
  it.each([
    ['YAML', yaml('__proto__: {polluted: 1}\na: {__proto__: 1, constructor: 2}\n')],
    ['JSON', yaml('{"__proto__": {"polluted": 1}, "a": {"__proto__": 1, "constructor": 2}}')],
    ['TOML', toml('__proto__.polluted = 1\n[a]\n__proto__ = 1\nconstructor = 2\n')],
  ])('called __proto__ are keys like any other in %s', (_, read) => {
    const [value] = valuesOf(read) as Record<string, Record<string, unknown>>[];
    expect(Object.entries(value?.['a'] ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
    expect(Object.keys(value ?? {})).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    [
      'in YAML',
      yaml('a: 1\nb: {c: 1, "c": 2}\na: 3\n'),
      ['2:11 Map keys must be unique.', '3:1 Map keys must be unique.'],
    ],
    ['called __proto__', yaml('__proto__: 1\n__proto__: 2\n'), ['2:1 Map keys must be unique.']],
    ['that are null', yaml('~: 1\nnull: 2\n'), ['2:1 Map keys must be unique.']],
    ['through an alias', yaml('&a x: 1\n*a : 2\n'), ['2:1 Map keys must be unique.']],
    ['in JSON', yaml('{"a": 1, "\\u0061": 2}'), ['1:10 Map keys must be unique.']],
  ])('that are there twice, %s, are refused at the second one', (_, read, faults) => {
    expect(faultsOf(read)).toEqual(faults);
  });

  it('that are there twice in TOML are refused', () => {
    expect(faultsOf(toml('a = 1\na = 2\n'))).toMatchObject([
      expect.stringMatching(/^\d+:\d+ .+\.$/),
    ]);
  });

  it.each([
    ['a mapping', '? {a: 1}\n: 2\n', { '{…}': 2 }],
    ['a list', '? [a]\n: 2\n', { '[…]': 2 }],
    ['null', '~: 2\n', { '': 2 }],
    ['nothing', ': 2\n', { '': 2 }],
    ['a number', '1.50: 2\n', { '1.5': 2 }],
    ['two lists', '? [a]\n: 2\n? [b]\n: 3\n', { '[…]': 3 }],
  ])('may be %s', (_, text, value) => {
    expect(valuesOf(yaml(text))).toEqual([value]);
  });
});

describe('documents', () => {
  it.each(['', ' \n\t\n', '# c\n', '---\n', '---\n---\n', '--- ~\n...\n', '\uFEFF'])(
    '%j is an empty file',
    (text) => {
      expect(faultsOf(yaml(text))).toEqual([expect.stringMatching(/^1:1 /)]);
    },
  );

  it('of nothing in TOML are an empty table', () => {
    expect(valuesOf(toml(''))).toEqual([{}]);
    expect(valuesOf(toml('# c\n'))).toEqual([{}]);
  });

  const { documents, anchors, aliases, tokens, tomlTokens } = documentLimits;
  it.each([
    ['documents', yaml, (n: number) => pieces(n, (i) => `---\na: ${i}\n`), documents],
    ['anchors', yaml, (n: number) => pieces(n, (i) => `- &a${i} x\n`), anchors],
    ['aliases', yaml, (n: number) => `- &a x\n${'- *a\n'.repeat(n)}`, aliases],
    // In YAML the comma, the mark of a scalar and the scalar are tokens; in TOML the comma and the
    // number.
    ['tokens', yaml, (n: number) => `[${'0,'.repeat(Math.floor(n / 3))}]`, tokens - 10],
    ['tokens', toml, (n: number) => `a = [${'0,'.repeat(Math.floor(n / 2))}]`, tomlTokens - 10],
  ])('with too many %s are refused with that alone', (what, read, make, most) => {
    expect(read(make(most)).problems).toEqual([]);
    expect(faultsOf(read(make(most + 20)))).toEqual([
      expect.stringMatching(new RegExp(`has more than \\d+ ${what}: split it\\.$`)),
    ]);
  });
});

describe('what a parser tells', () => {
  it.each([
    ['with an index', yaml('a: "\\q"\n'), '1:5 Invalid escape sequence \\q.'],
    ['with a token', yaml('a: "b" c\n'), expect.stringMatching(/^1:\d+ /)],
    ['with a range', yaml('a\nb: 1\n'), expect.stringMatching(/^1:\d+ /)],
    ['of a tag', yaml('a: !x y\n'), expect.stringMatching(/^1:4 /)],
    ['of TOML', toml('a = [1, 2\nb = 1\n'), expect.stringMatching(/^2:\d+ /)],
    ['of a text in TOML without an end', toml('a = """x\n\\"'), expect.stringMatching(/^\d+:\d+ /)],
  ])('%s has its place', (_, read, fault) => {
    expect(faultsOf(read)).toContainEqual(fault);
  });

  it('of itself, a bug, is no refusal', () => {
    parser.failure = new TypeError('a bug');
    expect(() => toml('a = 1')).toThrow('a bug');
    vi.spyOn(Composer.prototype, 'compose').mockImplementation(() => {
      throw new TypeError('another bug');
    });
    expect(() => yaml('a: 1')).toThrow('another bug');
  });
});

it.each([
  ['{"a": 1}', '{"a": 1}'],
  ['{"a": "x/y", "b": 1}', '{"a": "x/y", "b": 1}'],
  ['{"a": 1} /* no end', '{"a": 1} /* no end'],
  ['{"a": 1} / 2', '{"a": 1} / 2'],
  ['{"a": "no end // x', '{"a": "no end // x'],
  ['{"a": "\\" // \\\\", "b": [1, ], } // c', '{"a": "\\" // \\\\", "b": [1, ], }     '],
  ['/* c */ {}', '        {}'],
])('the comments of %j are taken out, where what is left is JSON', (text, bare) => {
  expect(withoutComments(text)).toBe(bare);
});
