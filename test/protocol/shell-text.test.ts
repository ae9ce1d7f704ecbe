import { expect, it } from 'vitest';
import { readShell } from '../../src/protocol/shell-text.ts';

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
  ['>x a; a | >', ['a', 'a']],
  ['while a; do\nb\ndone >c', ['a', 'b', '']],
  ['[[ $a =~ ^(x|y)$ && -f z || b < c ]] && d', ['[[ $a =~ ^(x|y)$ && -f z || b < c ]]', 'd']],
  ['[[ a\n== b ]]; c', ['[[ a == b ]]', 'c']],
  ['((i++ < (2))); for ((i = 0; i < 3; i++)); do a; done', ['for', 'a']],
  ['if ! a; then b; elif c; then d; else { e; }; fi', ['a', 'b', 'c', 'd', 'e']],
  ['while a; do b; done < c | d', ['a', 'b', '', 'd']],
  ['(a; (b); c) && d', ['a', 'b', 'c', 'd']],
  ['a; )b', ['a']],
  ['a; fi; b', ['a', 'b']],
  ['a "b $(c "d e") `f`" $((1 + (2)))', ['c d e', 'f', 'a b $(c "d e") `f` $((1 + (2)))']],
  ["a `b` 'c' $'d\\'e' $x \\$ \"\\\"\" e\\\nf", ['b', 'a `b` c d\'e $x $ " ef']],
  ["a 'open", ['a open']],
  ['a "open $(b', ['b', 'a open $(b']],
  ["a $'open", ['a open']],
  ['a $((open', ['a $((open']],
  ['a # b\nc#d', ['a', 'c#d']],
  ['[[ ! -f a && ( -n $x || ! b > c ) ]] || d', ['[[ ! -f a && ( -n $x || ! b > c ) ]]', 'd']],
  ['for x; do a; done; select y in b; do c; done', ['for x', 'a', 'select y in b', 'c']],
  ['export a=b c[1]=d e+=f g=(h $(i))', ['i', 'export a=b c[1]=d e+=f g=']],
  ['a <<E\n$(b)\nE\nc <<"E"\n$(d)\nE', ['b', 'a', 'c']],
  ['a $((1 + $(b)))', ['b', 'a $((1 + $(b)))']],
  ['a <(b c) >(d)', ['b c', 'd', 'a <(b c) >(d)']],
  [`echo $\{x:-$(a b)} $\{y:-{\\}}} $\{z`, ['a b', `echo $\{x:-$(a b)} $\{y:-{\\}}} $\{z`]],
])('the commands of %j', (text, commands) => {
  expect(wordsOf(text)).toEqual(commands);
});

it.each([
  ['nested too deep', `${'$('.repeat(11)}a${')'.repeat(11)}`],
  ['nested too deep in expressions', `${'$(('.repeat(11)}$(a)${'))'.repeat(11)}`],
  ['too deep for the stack', 'a() '.repeat(30_000)],
  ['of too many here-documents', `a${' <<E'.repeat(1001)}`],
])('of a text that is %s nothing or not all is read', (_, text) => {
  expect(wordsOf(text).includes('a')).toBe(false);
});

it('ten substitutions inside of each other are read', () => {
  const text = `${'$('.repeat(10)}a${')'.repeat(10)}; ${'$(b);'.repeat(50)} $(c)`;
  expect(wordsOf(text)).toEqual(expect.arrayContaining(['a', 'c']));
});

it('the beginning of a long text is read', () => {
  const { commands } = readShell('a123456\n'.repeat(17_000));
  expect(commands.length).toBe(131_072 / 8);
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
    ['a', 1, { text: '1\n2\n', line: 2 }],
    ['b', 1, { text: '\t3\n', line: 5 }],
    ['c', 7],
    ['d', 8, { text: '4', line: 9 }],
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
  ['a | cat && b; (c) && d', 'acatbc'],
  ['! cat a && b', 'cat'],
  ['>x a && b; > c && d', 'a'],
  ['X=1 a && b', 'X=1'],
  ['case a in esac; b', 'case'],
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

it('what stands in backticks with a backslash has its line', () => {
  const { commands } = readShell('a\n`b \\`\nc\\`\nd`\ne');
  expect(commands.map(({ words, line }) => [words[0]?.at(-1), line])).toEqual([
    ['a', 1],
    ['c', 3],
    ['b', 2],
    ['d', 4],
    ['`', 2],
    ['e', 5],
  ]);
});

it.each<[string, string[]]>([
  ['a || true', ['a', 'true']],
  ['a; b', []],
  ['a; exit 0', ['a', 'exit 0']],
  ['a || b || :', ['a', 'b', ':']],
  ['a && b || exit 0', ['a', 'b', 'exit 0']],
  ['a || exit 2; exit 0', ['exit 0']],
  ['a || true; b', ['a', 'true']],
  ['a && true', []],
  ['{ a; b; } || true', ['a', 'b', 'true']],
  ['{ a; } 2>x; exit 0', ['a', '', 'exit 0']],
  ['a | b; true', ['a', 'b', 'true']],
  ['if a; then b; fi; exit 0', ['exit 0']],
  ['if a; then b; exit 0; fi', ['b', 'exit 0']],
  ['x=$(a); b; exit 0', ['x=$(a)', 'b', 'exit 0']],
  ['x=$(a || true); b', ['a', 'true']],
  ['a; [ $? = 0 ] || exit 2; exit 0', []],
  ['a | b; x=$PIPESTATUS; exit 0', []],
  ['set -e; a; exit 0', []],
  ['set -o errexit; a; true', []],
])('the failures that %j tolerates are those of %j', (text, commands) => {
  const tolerated = readShell(text).commands.filter(({ isTolerated }) => isTolerated);
  expect(tolerated.map(({ words }) => words.join(' '))).toEqual(commands);
});

it.each<[string, string[]]>([
  ['a; b', []],
  ['a && b; c', ['b']],
  ['a || b || c; d', ['b', 'c']],
  ['cd x && a; b', []],
  ['a && exit; b', ['exit', 'b']],
  ['if a; then b; else c; fi; d', ['b', 'c']],
  ['while a; do if b; then exit; fi; done; c', ['b', 'exit', 'c']],
  ['f() { a; }; f', ['a']],
  ['x=$(a || exit 1); b', ['exit 1']],
])('in %j these stand behind a condition: %j', (text, commands) => {
  const conditional = readShell(text).commands.filter(({ isConditional }) => isConditional);
  expect(conditional.map(({ words }) => words.join(' '))).toEqual(commands);
});
