/**
 * Hook files with anything wrong in them: each is a value or a refusal with places, and never
 * another exception.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Composer } from 'yaml';
import { InvalidInputError } from '../../src/errors.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { withoutComments } from '../../src/files/json-comments.ts';
import { documentLimits } from '../../src/protocol/limits.ts';
import { pieces } from '../support/hostile/shapes.ts';
import { faultsOf, toml, valuesOf, yaml } from './document-samples.ts';

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
    const faults: string[] = [];
    // As latin1 the same bytes have another comment on their first line; a mark before it is no mark.
    const differs = text.startsWith('\uFEFF') ? bytes.length : bytes.indexOf('\n') + 1;
    for (let at = 0; at < bytes.length; at++) {
      const [cut, lost] = [
        bytes.subarray(0, at),
        Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
      ];
      const asLatin1 = at <= differs ? [cut.toString('latin1')] : [];
      for (const one of [cut.toString(), lost.toString(), ...asLatin1]) {
        const { documents, problems } = read(one);
        outcomes.add(`${documents.length > 0} ${problems.length > 0}`);
        const hasPlaces = problems.every(({ line, column }) => Math.min(line, column) > 0);
        if (!hasPlaces || ![undefined, 'INVALID_HOOKS'].includes(refusalOf(one))) faults.push(one);
      }
    }
    expect(faults).toEqual([]);
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
