/**
 * Matchers and conditions with texts on which a backtracking engine does not end, or takes more
 * than linear time.
 */
import { nested, pieces } from './shapes.ts';

export interface Tried {
  readonly pattern: string;
  /** The tool's name, or the tool's input. */
  readonly subject: string;
}

export type Tries = Readonly<Record<string, (size: number) => Tried>>;

const as = (n: number) => 'a'.repeat(n);
/**
 * The fixed subject for growing patterns: if both grew, linear matching would already take
 * quadratic time.
 */
const few = as(60);

/** A fixed pattern with a growing subject. */
const against =
  (pattern: string, subject: (n: number) => string = as) =>
  (n: number): Tried => ({ pattern, subject: subject(n) });

/** Regular expressions on the name of a tool. */
export const matcherTries: Tries = {
  'a repeated repetition': against('(a+)+b'),
  'a repeated repetition to the end': against('(a+)+$', (n) => `${as(n)}!`),
  'a repeated repetition of any text': against('(.*)*b'),
  'a lookahead': against('(?=a)(a+)+b'),
  'a negative lookahead': against('(?!b)(a+)+b'),
  'a lookbehind': against('(a+)+(?<=b)b'),
  'a back-reference': against('(a)?(a+)+\\1b'),
  'a back-reference by name': against('(?<x>a)?(a+)+\\k<x>b'),
  'letters by property': against('(\\p{L}+)+1'),
  'a letter by code point': against('(\\u{61}+)+b'),
  'counts in counts': against('(a{1,50}){1,50}b'),
  'a count of a repetition': against('(a+){20}b'),
  'a count without an end': against('(a{2,})+b'),
  'overlapping alternatives': against('(a|aa)+b'),
  'equal alternatives': against('(a|a|a)*b'),
  'alternatives with a class': against('([a-z]|a|\\w)+1'),
  'an optional letter many times': (n) => ({
    pattern: `${'a?'.repeat(n)}${'a'.repeat(n)}b`,
    subject: few,
  }),
  'any text many times': (n) => ({ pattern: `${'.*a'.repeat(8)}b`, subject: as(n) }),
  'any text as often as the name is long': (n) => ({
    pattern: `${'.*a'.repeat(n)}b`,
    subject: few,
  }),
  'lazy repetitions': against('(a+?)+?b'),
  'repeated blanks': against('(\\s+)+x', (n) => ' '.repeat(n)),
  'a word of words': against('^(\\w+\\s?)+$', (n) => `${as(n)}!`),
  'without case': against('(?i)(a+)+b'),
  'names of a server': against('mcp__.*__(write|delete).*', (n) => `mcp__${'__x'.repeat(n)}`),
  'a list of names': (n) => ({ pattern: pieces(n, (i) => `Tool${i}`, '|'), subject: `Tool${n}` }),
  'a list of expressions': (n) => ({
    pattern: pieces(n, (i) => `Tool${i}.*`, '|'),
    subject: `Tool${n}`,
  }),
  'groups in groups': (n) => ({ pattern: nested(n, '(', ')', 'a'), subject: few }),
  'groups without an end': (n) => ({ pattern: '('.repeat(n), subject: 'a' }),
  'repetitions of groups in groups': (n) => ({
    pattern: nested(n, '(', ')*', 'a'),
    subject: `${few}b`,
  }),
  'counts of groups in groups': (n) => ({ pattern: nested(n, '(', '){1,9}', 'a'), subject: few }),
  classes: (n) => ({ pattern: '[a-z]'.repeat(n), subject: few }),
  'letters of a class': (n) => ({ pattern: `[${'az'.repeat(n)}]+b`, subject: few }),
  properties: (n) => ({ pattern: '\\p{L}'.repeat(n), subject: few }),
  'a large count': (n) => ({ pattern: `a{${n}}b`, subject: few }),
  'a large range': (n) => ({ pattern: `(a{0,${n}}){0,${n}}b`, subject: few }),
  escapes: (n) => ({ pattern: '\\d'.repeat(n), subject: '1'.repeat(60) }),
  'a long text': (n) => ({ pattern: `${as(n)}b`, subject: few }),
  'a long name': against('Bash|Write'),
};

/** Globs on the name of a tool: only `*` is special. */
export const globTries: Tries = {
  stars: (n) => ({ pattern: `${'*a'.repeat(n)}b`, subject: few }),
  'twelve stars': against(`${'*a'.repeat(12)}b`),
  'stars in a row': (n) => ({ pattern: `${'*'.repeat(n)}b`, subject: few }),
  'two stars': against('*a*b'),
  'a long name': against('@server/*'),
};

/** `Write(…)` on a path. */
export const pathTries: Tries = {
  'twelve stars': against(`${'*a'.repeat(12)}b`),
  stars: (n) => ({ pattern: `${'*a'.repeat(n)}b`, subject: few }),
  'a harmless pattern': against('**/*a*b*'),
  'stars in a row': (n) => ({ pattern: `${'*'.repeat(n)}b`, subject: few }),
  'any folder many times': (n) => ({ pattern: `${'**/'.repeat(n)}b`, subject: 'a/'.repeat(60) }),
  'any folder and a letter': against(`${'**/a/'.repeat(8)}b`, (n) => 'a/'.repeat(n)),
  'question marks': (n) => ({ pattern: `${'?'.repeat(n)}b`, subject: few }),
  braces: (n) => ({ pattern: `${'{a,b}'.repeat(n)}c`, subject: few }),
  'braces in braces': (n) => ({ pattern: nested(n, '{a,', '}', 'b'), subject: few }),
  'a range in braces': (n) => ({ pattern: `{1..${n}}`, subject: String(n) }),
  'repeated groups': against('+(+(a|b)|a)c'),
  'repeated groups in groups': (n) => ({ pattern: nested(n, '+(', ')', 'a'), subject: `${few}b` }),
  'groups that must not match': (n) => ({ pattern: `${'!(a)'.repeat(n)}b`, subject: few }),
  'optional groups': (n) => ({ pattern: `${'?(a)'.repeat(n)}b`, subject: few }),
  classes: (n) => ({ pattern: `${'[a-z]'.repeat(n)}1`, subject: few }),
  'a class of letters': (n) => ({ pattern: `[${as(n)}]b`, subject: few }),
  'brackets without an end': (n) => ({ pattern: '['.repeat(n), subject: few }),
  backslashes: (n) => ({ pattern: '\\a'.repeat(n), subject: few }),
  exclamations: (n) => ({ pattern: `${'!'.repeat(n)}a`, subject: few }),
  folders: against('src/**', (n) => 'a/'.repeat(n)),
  'folders upwards': against('src/**', (n) => 'a/../'.repeat(n)),
  'the same folder': against('src/**', (n) => './'.repeat(n)),
  slashes: against('src/**', (n) => '/'.repeat(n)),
  'a long pattern': (n) => ({ pattern: `${as(n)}b`, subject: few }),
};

/** `Bash(…)` on a line of shell. */
export const lineTries: Tries = {
  'twelve stars': against(`${'*a'.repeat(12)}b`),
  stars: (n) => ({ pattern: `${'*a'.repeat(n)}b`, subject: few }),
  'a plain pattern': against('git push *', (n) => `git ${as(n)}`),
  'many commands': against('git push *', (n) => 'true; '.repeat(n)),
  'many stars, many commands': against('*a*a*a*a*b', (n) => `${'aaaa; '.repeat(n)}`),
};
