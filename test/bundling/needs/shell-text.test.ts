import { expect, it } from 'vitest';
import { readShell } from '../../../src/bundling/needs/shell-text.ts';

const wordsOf = (text: string) => readShell(text).commands.map(({ words }) => words.join(' '));

it.each<[string, string[]]>([
  ['', []],
  ['a; b && c || d | e &', ['a', 'b', 'c', 'd', 'e']],
  [
    'case $x in\n a|"b)") git push;;\n (c\\)) d;; # e\n esac; f',
    ['case $x in', 'git push', 'd', 'f'],
  ],
  [
    'case $x in a) case $y in b) c;; esac;; d) e;& g) h;;& esac',
    ['case $x in', 'case $y in', 'c', 'e', 'h'],
  ],
  ['case $x in a) b\nesac\nc', ['case $x in', 'b', 'c']],
  ['case $x in a', ['case $x in']],
  ['case $x in', ['case $x in']],
  ['x=(a b $(c d) "e")\nf', ['c d', 'x=', 'f']],
  ['x+=(a)', ['x+=']],
  ['[[ $a =~ ^(x|y)$ && -f z || b < c ]] && d', ['[[ $a =~ ^(x|y)$ && -f z || b < c ]]', 'd']],
  ['[[ a\n== b ]]; c', ['[[ a == b ]]', 'c']],
  ['((i++ < (2))); for ((i = 0; i < 3; i++)); do a; done', ['for', 'a']],
  ['if ! a; then b; elif c; then d; else { e; }; fi', ['a', 'b', 'c', 'd', 'e']],
  ['while a; do b; done < c | d', ['a', 'b', '', 'd']],
  ['(a; (b); c) && d', ['a', 'b', 'c', 'd']],
  [')a', ['a']],
  ['a "b $(c "d e") `f`" $((1 + (2)))', ['c d e', 'f', 'a b $(c "d e") `f` $((1 + (2)))']],
  ["a `b` 'c' $'d\\'e' $x \\$ \"\\\"\" e\\\nf", ['b', 'a `b` c d\\\'e $x $ " ef']],
  ["a 'open", ['a open']],
  ['a "open $(b', ['b', 'a open $(b']],
  ["a $'open", ['a open']],
  ['a $((open', ['a $((open']],
  ['a # b\nc#d', ['a', 'c#d']],
  ['a <(b c) >(d)', ['b c', 'd', 'a <(b c) >(d)']],
  [`echo $\{x:-$(a b)} $\{y:-{\\}}} $\{z`, ['a b', `echo $\{x:-$(a b)} $\{y:-{\\}}} $\{z`]],
])('the commands of %j', (text, commands) => {
  expect(wordsOf(text)).toEqual(commands);
});

it('of a text that is nested too deep the rest is not read', () => {
  const text = `${'$('.repeat(60)}a`;
  expect(wordsOf(text).includes('a')).toBe(false);
});

it('functions are known by their names', () => {
  const text = 'a() { b; }\nc ( ) (d)\nfunction e { f; }\nfunction g() { h; }';
  const { functions, commands } = readShell(text);
  expect([...functions]).toEqual(['a', 'c', 'e', 'g']);
  expect(commands.map(({ words }) => words[0])).toEqual(['b', 'd', 'f', 'h']);
});

it('redirections have their targets', () => {
  const text = 'a 2>&1 >/dev/null 2>>log <in &>all <<<text >&- b > ';
  const [command] = readShell(text).commands;
  expect(command?.words).toEqual(['a', 'b']);
  expect(command?.redirects.map(({ operator, word }) => operator + word)).toEqual([
    '>&1',
    '>/dev/null',
    '>>log',
    '<in',
    '&>all',
    '<<<text',
    '>&-',
  ]);
});

it('here-documents belong to their command, with their lines', () => {
  const text = "a <<'A' | b <<-B\n1\n2\nA\n\t3\n\tB\nc <<\nd <<D\n4";
  const found = readShell(text).commands.map(({ words, documents, line }) => [
    words[0],
    line,
    ...documents,
  ]);
  expect(found).toEqual([
    ['a', 1, { end: 'A', text: '1\n2\n', line: 2 }],
    ['b', 1, { end: 'B', text: '\t3\n', line: 5 }],
    ['c', 7],
    ['d', 8, { end: 'D', text: '4', line: 9 }],
  ]);
});

it.each<[string, string]>([
  ['a; b | c\nd', 'abcd'],
  ['cd x && a && b', 'cda'],
  ['x=1 && a || b', 'x=1a'],
  ['if a; then b; fi; c', 'a'],
  ['for x in y; do a; done', 'for'],
  ['case a in b) c;; esac', 'case'],
  ['a() { b; }; c', ''],
  ['[ a ] && b', '['],
])('of %j these run in any case: %s', (text, sure) => {
  const { commands } = readShell(text);
  const found = commands.filter(({ isSure }) => isSure).map(({ words }) => words[0]);
  expect(found.join('')).toBe(sure);
});

it('a condition inside of a substitution ends with it', () => {
  const { commands } = readShell('x=$(a || b); c');
  expect(commands.map(({ words, isSure }) => [words[0], isSure])).toEqual([
    ['a', true],
    ['b', false],
    ['x=$(a || b)', true],
    ['c', true],
  ]);
});
