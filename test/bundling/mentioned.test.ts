import { expect, it } from 'vitest';
import { withMentioned } from '../../src/bundling/mentioned.ts';
import { projectOf } from './samples.ts';

function taken(
  files: Readonly<Record<string, string>>,
  named = ['h/x.sh'],
  leftOut?: string,
): string[] {
  return [...withMentioned(projectOf(files), named, (path) => path === leftOut).keys()].sort();
}

it.each<[string, Record<string, string>, string[]]>([
  ['nothing', { 'h/x.sh': 'exit 0', 'h/y.sh': '' }, []],
  ['a name', { 'h/x.sh': '. "$DIR/lib.sh"', 'h/lib.sh': '' }, ['h/lib.sh']],
  ['a path with two slashes', { 'h/x.sh': '. $D//lib/c.sh', 'h/lib/c.sh': '' }, ['h/lib/c.sh']],
  ['a name at the end of a sentence', { 'h/x.sh': '# see lib.sh.', 'h/lib.sh': '' }, ['h/lib.sh']],
  ['a part of a name', { 'h/x.sh': 'mylib.sh lib.shx a-lib.sh lib.sh.bak', 'h/lib.sh': '' }, []],
  [
    'a name in a lower folder',
    { 'h/x.sh': 'cat words.txt', 'h/data/words.txt': '' },
    ['h/data/words.txt'],
  ],
  ['a name in a hidden folder', { 'h/x.sh': 'cat words.txt', 'h/.data/words.txt': '' }, []],
  ['a name too deep', { 'h/x.sh': 'cat w.txt', 'h/1/2/3/4/w.txt': '' }, []],
  [
    'a name in another folder',
    { 'h/x.sh': 'cat words.txt', 'words.txt': '', 'g/words.txt': '' },
    [],
  ],
  [
    'a path from the folder',
    { 'h/x.sh': 'source "$(dirname "$0")/../h2/lib.sh"', 'h2/lib.sh': '' },
    [],
  ],
  [
    'a path of the same top folder',
    { 'h/a/x.sh': '. "$D/../lib/c.sh"', 'h/lib/c.sh': '', 'h/x.sh': 'a/x.sh' },
    ['h/a/x.sh', 'h/lib/c.sh'],
  ],
  [
    'a path from the project',
    { 'h/x.sh': 'cat "$P/h/d/.hidden"', 'h/d/.hidden': '' },
    ['h/d/.hidden'],
  ],
  [
    'names in turn',
    { 'h/x.sh': 'a.sh', 'h/a.sh': 'b.sh', 'h/b.sh': 'a.sh x.sh' },
    ['h/a.sh', 'h/b.sh'],
  ],
  ['no import of a shell', { 'h/x.sh': 'import rules', 'h/rules.py': '' }, []],
  ['what is no text', { 'h/x.sh': '\0 lib.sh', 'h/lib.sh': '' }, []],
  ['broken text', { 'h/x.sh': '\xFF lib.sh', 'h/lib.sh': '' }, []],
])('%s', (_, files, more) => {
  expect(taken(files)).toEqual([...more, 'h/x.sh'].sort());
});

it.each<[string, string[]]>([
  ['import rules', ['rules.py']],
  ['import os, rules as r', ['rules.py']],
  ['def f():\n    from rules import x', ['rules.py']],
  ['from . import (\n  rules,\n  other)', ['rules.py']],
  ['from . import (rules\nfrom . import (other', ['rules.py']],
  ['from . import (other\nfrom . import (other\nimport rules', ['rules.py']],
  ['from pkg.deep import x', ['pkg/__init__.py', 'pkg/data.json', 'pkg/deep.py']],
  ['x = "rules"', []],
  ['important = rules', []],
  ['open("data.json")', ['pkg/data.json']],
])('python: %j takes %j', (text, more) => {
  const files = {
    'g.py': text,
    'rules.py': '',
    'pkg/__init__.py': '',
    'pkg/deep.py': '',
    'pkg/data.json': '',
    'tests/t.py': '',
  };
  expect(taken(files, ['g.py'])).toEqual([...more, 'g.py'].sort());
});

it('a script without an ending is python by its first line', () => {
  expect(taken({ g: '#!/usr/bin/env python3\nimport rules', 'rules.py': '' }, ['g'])).toEqual([
    'g',
    'rules.py',
  ]);
});

it('what is left out is not looked at either', () => {
  expect(
    taken({ 'h/x.sh': 'a.sh', 'h/a.sh': 'b.sh', 'h/b.sh': '' }, ['h/x.sh', 'none'], 'h/a.sh'),
  ).toEqual(['h/x.sh']);
});
