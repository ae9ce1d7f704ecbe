import { describe, expect, it } from 'vitest';
import { withMentioned } from '../../src/bundling/mentioned.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { maxBundleBytes } from '../../src/protocol/bundle.ts';
import { projectOf } from './samples.ts';

function taken(
  files: Readonly<Record<string, string>>,
  named = ['h/x.sh'],
  leftOut?: string,
): string[] {
  const { taken: found } = withMentioned(projectOf(files), named, (path) => path === leftOut);
  return [...found.keys()].sort();
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
    ['h2/lib.sh'],
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
  [
    'a path behind a variable that holds a folder above',
    {
      'a/b/x.sh': 'ROOT=$(cd "$(dirname "$0")/../.." && pwd); . "$ROOT/lib/c.sh"',
      'lib/c.sh': '',
      'h/x.sh': '../a/b/x.sh',
    },
    ['a/b/x.sh', 'lib/c.sh'],
  ],
  [
    'no path that a pattern holds',
    { 'h/x.sh': 'grep -q secrets/prod.json', 'secrets/prod.json': '' },
    [],
  ],
  [
    'no hidden file of another folder',
    { 'h/x.sh': '. "$HOME/.ssh/config"', '.ssh/config': '' },
    [],
  ],
  ['no path outside', { 'h/x.sh': '. "$D/../../../lib.sh"', 'lib.sh': '' }, []],
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

it.each<[string, Record<string, string>, string[]]>([
  [
    'a folder above in sys.path',
    { 'h/g.py': 'sys.path.insert(0, ROOT)\nfrom core.engine import judge' },
    ['core/__init__.py', 'core/engine.py'],
  ],
  [
    'a folder beside in sys.path',
    { 'h/g.py': 'sys.path.insert(0, os.path.join(up(__file__), "lib"))\nfrom words import bad' },
    ['lib/words.py'],
  ],
  [
    'a joined path',
    { 'h/g.py': 'open(Path(__file__).parent.parent / "config" / "deny.txt")' },
    ['config/deny.txt'],
  ],
  ['texts that no path joins', { 'h/g.py': 'SECRETS = ["config", "deny.txt"]' }, []],
  ['a module that python has', { 'h/g.py': 'import json' }, []],
])('python: %s', (_, script, more) => {
  const files = {
    ...script,
    'core/__init__.py': '',
    'core/engine.py': '',
    'lib/words.py': '',
    'config/deny.txt': '',
    'json.py': '',
  };
  expect(taken(files, ['h/g.py'])).toEqual([...more, 'h/g.py'].sort());
});

it("a user's home gives only what is in the same top folder", () => {
  const files = projectOf(
    {
      '.claude/x.sh': '. "$D/../.claude/y.sh"; . "$D/lib/c.sh"',
      '.claude/y.sh': '',
      'lib/c.sh': '',
    },
    { folder: '/home/me', home: '/home/me' },
  );
  const { taken: found } = withMentioned(files, ['.claude/x.sh'], () => false);
  expect([...found.keys()]).toEqual(['.claude/x.sh', '.claude/y.sh']);
});

describe('a file that is only mentioned', () => {
  const mention = (more: Record<string, string>) =>
    withMentioned(
      projectOf({ 'h/x.sh': '. "$D/big.sh"; . "$D/more.sh"', ...more }),
      ['h/x.sh'],
      () => false,
    );

  it('stays out where it exceeds the limits, and that is told', () => {
    const { taken: found, problems } = mention({ 'h/big.sh': ' '.repeat(maxBundleBytes) });
    expect([...found.keys()]).toEqual(['h/x.sh']);
    expect(problems).toEqual([expect.stringMatching(/^h\/big.sh would exceed 256 files/)]);
  });

  it('is one of several that stay out', () => {
    const large = ' '.repeat(maxBundleBytes);
    const { problems } = mention({ 'h/big.sh': large, 'h/more.sh': large });
    expect(problems).toEqual([expect.stringMatching(/^h\/big.sh and 1 more would exceed/)]);
  });

  it('stays out where it cannot be read, and that is told', () => {
    const files = projectOf({ 'h/x.sh': '. "$D/link.sh"', 'h/link.sh': '' });
    const read = (path: string) => {
      if (path === 'h/link.sh')
        throw new InvalidInputError('INVALID_SCRIPT', 'h/link.sh is a link.');
      return files.read(path);
    };
    const { taken: found, problems } = withMentioned({ ...files, read }, ['h/x.sh'], () => false);
    expect([...found.keys()]).toEqual(['h/x.sh']);
    expect(problems).toEqual(['h/link.sh is a link.']);
  });
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
