import { expect, it } from 'vitest';
import { type Path, SourceDocument } from '../../src/files/source-document.ts';

function document(text: string): SourceDocument {
  const { documents, problems } = SourceDocument.parse('f.yaml', text);
  if (documents[0] === undefined) throw new Error(JSON.stringify(problems));
  return documents[0];
}

function place(text: string, path: Path, at?: 'key' | 'value'): string {
  const { line, column } = document(text).problem(path, 'm', at);
  return `${line}:${column}`;
}

function problems(text: string): string[] {
  const parsed = SourceDocument.parse('f.yaml', text);
  expect(parsed.documents).toEqual([]);
  return parsed.problems.map(({ line, column }) => `${line}:${column}`);
}

const nested = 'hooks:\n  Stop:\n    - name: a\n      script: |\n        exit 0\n    - name: b\n';

it.each([
  [[], '1:1'],
  [['hooks'], '2:3'],
  [['hooks', 'Stop'], '3:5'],
  [['hooks', 'Stop', 0], '3:7'],
  [['hooks', 'Stop', 0, 'name'], '3:13'],
  [['hooks', 'Stop', 0, 'script'], '4:15'],
  [['hooks', 'Stop', 1, 'name'], '6:13'],
  [['hooks', 'Stop', '1', 'name'], '6:13'],
] as [Path, string][])('the value at %j is at %s', (path, expected) => {
  expect(place(nested, path)).toBe(expected);
});

it.each([
  [['hooks'], '1:1'],
  [['hooks', 'Stop'], '2:3'],
  [['hooks', 'Stop', 1], '6:7'],
  [['hooks', 'Stop', 1, 'name'], '6:7'],
  [['hooks', 'Stop', 0, 'script'], '4:7'],
] as [Path, string][])('the key of %j is at %s', (path, expected) => {
  expect(place(nested, path, 'key')).toBe(expected);
});

it.each([
  [['hooks', 'Start'], '2:3'],
  [['hooks', 'Stop', 2], '3:5'],
  [['hooks', 'Stop', 0, 'matcher'], '3:7'],
  [['hooks', 'Stop', 0, 'name', 'deeper'], '3:13'],
  [['nothing', 'at', 'all'], '1:1'],
] as [Path, string][])(
  '%j is not in the file, so the nearest place around it is named: %s',
  (path, expected) => {
    expect(place(nested, path)).toBe(expected);
    expect(place(nested, path, 'key')).toBe(expected);
  },
);

it('a key without a value is its own place', () => {
  expect(place('a: 1\n? b\n', ['b'])).toBe('2:3');
});

it('keys that are numbers or mappings do no harm', () => {
  expect(place('7: seven\n', ['7'])).toBe('1:4');
  expect(place('7: seven\n', [7])).toBe('1:4');
  expect(place('? [a]\n: 1\nb: 2\n', ['b'])).toBe('3:4');
});

it('a JSON text has positions too', () => {
  expect(place('{\n  "hooks": {"Stop": [{"name": "a"}]}\n}', ['hooks', 'Stop', 0, 'name'])).toBe(
    '2:31',
  );
});

it('CRLF counts as one line end', () => {
  expect(place('a: 1\r\nb: 2\r\n', ['b'])).toBe('2:4');
});

it('a byte order mark does not keep the first key from being found', () => {
  const source = document('\uFEFFa: 1\n');
  expect(source.value).toEqual({ a: 1 });
  expect(source.problem(['a'], 'm').line).toBe(1);
});

it('a problem carries the file and the message', () => {
  expect(document('a: 1').problem(['a'], 'wrong')).toEqual({
    file: 'f.yaml',
    line: 1,
    column: 4,
    path: ['a'],
    message: 'wrong',
  });
});

it.each([
  [[], []],
  [
    ['hooks', 'Stop', 1, 'name'],
    ['hooks', 'Stop', 1, 'name'],
  ],
  [
    ['hooks', 'Stop', 0, 'matcher'],
    ['hooks', 'Stop', 0],
  ],
  [['nothing', 'at', 'all'], []],
] as [Path, Path][])(
  'a problem at %j has the path as far as it is in the file: %j',
  (path, expected) => {
    expect(document(nested).problem(path, 'm').path).toEqual(expected);
    expect(document(nested).problem(path, 'm', 'key').path).toEqual(expected);
    expect(document(nested).place(path).path).toEqual(expected);
  },
);

it.each([
  ['a key that comes twice', 'a: 1\nb:\n  - c: 1\n    c: 2\n', ['b', 0, 'c']],
  ['an alias of nothing', 'a: [1, *b]\n', ['a', 1]],
  ['a text that is no YAML', 'a: [1\n', []],
  ['a text that is empty', '', []],
  ['one of several documents', 'a: 1\n---\nb: {c: 1, c: 2}\n', []],
])('%s has its path as far as the text was read', (_, text, path) => {
  expect(SourceDocument.parse('f.yaml', text).problems[0]?.path).toEqual(path);
  expect(SourceDocument.parse('f.yaml', text, ['document']).problems[0]?.path).toEqual([
    'document',
  ]);
});

it('a problem of one of several documents is one of the text as a whole', () => {
  const { documents } = SourceDocument.parse('f.yaml', 'a: 1\n---\nb: 2\n');
  expect(documents.map((one, at) => one.problem(['a', 'b'].slice(at), 'm').path)).toEqual([[], []]);
});

it('several documents keep the lines of their file', () => {
  const { documents, problems: none } = SourceDocument.parse('f.yaml', 'a: 1\n---\n\nb: 2\n...\n');
  expect(none).toEqual([]);
  expect(documents.map((one) => one.value)).toEqual([{ a: 1 }, { b: 2 }]);
  expect(documents[1]?.problem(['b'], 'm')).toMatchObject({ line: 4, column: 4 });
});

it('empty documents are skipped, wherever they are', () => {
  const { documents, problems: none } = SourceDocument.parse(
    'f.yaml',
    '---\n# a\n---\na: 1\n---\nnull\n---\nb: 2\n---\n',
  );
  expect(none).toEqual([]);
  expect(documents.map((one) => one.value)).toEqual([{ a: 1 }, { b: 2 }]);
  expect(documents[1]?.problem(['b'], 'm').line).toBe(8);
});

it.each([
  ['an empty text', ''],
  ['blanks', '\n  \n'],
  ['a comment', '# nothing\n'],
  ['null', 'null\n'],
  ['several documents of nothing', '---\n# a\n---\n~\n---\n'],
])('%s is an empty file', (_, text) => {
  expect(problems(text)).toEqual(['1:1']);
});

it.each([
  ['a key that comes twice', 'a: 1\nb:\n  c: 1\n  c: 2\n', ['4:3']],
  ['a key that comes twice in JSON', '{"a": 1,\n "a": 2}', ['2:2']],
  ['a tab as indentation', 'a:\n\tb: 1\n', ['2:1']],
  ['a list that never closes', 'a: 1\nb: [1, 2\n', ['3:1']],
  ['a tag that nobody knows', 'a: 1\nb: !python/object x\n', ['2:4']],
  ['errors in two documents', 'a: 1\na: 2\n---\nb: 1\nb: 2\n', ['2:1', '5:1']],
])('%s is a problem with its place', (_, text, places) => {
  expect(problems(text)).toEqual(places);
});

it.each([
  ['an alias that has no anchor', 'a: *missing\n'],
  ['an alias bomb', bomb(8)],
])('%s is a problem and not an exception', (_, text) => {
  expect(problems(text)).toHaveLength(1);
});

it('a few aliases are fine', () => {
  expect(document('a: &x [1]\nb: *x\nc: *x\n').value).toEqual({ a: [1], b: [1], c: [1] });
});

it('__proto__ in a file is a key like any other', () => {
  const { value } = document('__proto__:\n  polluted: true\n');
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it('a scalar and a list are values like any other', () => {
  expect([
    document('x').value,
    document('- 1\n').value,
    document('0').value,
    document('""').value,
  ]).toEqual(['x', [1], 0, '']);
});

/** Every level repeats the one before it nine times. */
function bomb(levels: number): string {
  const lines = ['a0: &a0 [x]'];
  for (let at = 1; at <= levels; at++)
    lines.push(
      `a${at}: &a${at} [${Array(9)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\n`;
}
