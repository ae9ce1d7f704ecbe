import { expect, it } from 'vitest';
import { shellWords } from '../../src/bundling/shell-words.ts';

it.each<[string, string[][]]>([
  ['', []],
  ['exit 2', [['exit', '2']]],
  ['a\tb\r\n c', [['a', 'b'], ['c']]],
  ['a; b && c || d | e &', [['a'], ['b'], ['c'], ['d'], ['e']]],
  ['(a b)', [['a', 'b']]],
  ['echo \'a; b\' "c; d" e\\ f', [['echo', 'a; b', 'c; d', 'e f']]],
  ['echo ""', [['echo', '']]],
  ['a # b; c\nd#e', [['a'], ['d#e']]],
  [
    'x=$(jq -r .a) && test "$(wc -l <b)" = `cat c`',
    [['jq', '-r', '.a'], ['x=$()'], ['wc', '-l', 'b'], ['test', '$()', '='], ['cat', 'c']],
  ],
  ['echo "`date`" "\\"q\\"" "$x" $y', [['date'], ['echo', '$()', '"q"', '$x', '$y']]],
  ['$(echo $(a))', [['a'], ['echo', '$()'], ['$()']]],
  [
    'a 2>&1 >/dev/null 2>>log <in >&2 3<&-',
    [
      ['>', '/dev/null'],
      ['>', 'log'],
      ['a', 'in'],
    ],
  ],
  ['a >&log; b >', [['>', 'log'], ['a'], ['b']]],
  ['a <<<b <(c)', [['a', 'b'], ['c']]],
  ['cat <<EOF | b\ncurl x\nEOF\nc', [['cat'], ['b'], ['c']]],
  ["python3 - <<'PY'\nimport x\nPY", [['python3', '-']]],
  ['a <<-"E"\n\tx\n\tE\nb', [['a'], ['b']]],
  ['a <<E\nnever ends', [['a']]],
  ['a << \nb', [['a'], ['b']]],
  ['a b\\\nc', [['a', 'b', 'c']]],
  ["a 'open", [['a', 'open']]],
  ['a "open', [['a', 'open']]],
  ['a $(open', [['open'], ['a', '$()']]],
])('%j is %j', (text, words) => {
  expect(shellWords(text)).toEqual(words);
});

it('a text of nothing but openings ends', () => {
  expect(shellWords('$('.repeat(10_000)).length).toBeLessThan(20);
});
