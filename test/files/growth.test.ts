/**
 * What reads the files of a project, and lines of a hooks file before its parser, takes time and
 * memory in proportion to them. test/growth.test.ts has the readers of whole texts.
 */
import { describe, expect, test } from 'vitest';
import { callableFiles } from '../../src/bundling/callable-files.ts';
import { calledBy } from '../../src/bundling/called.ts';
import { isToldApart, pythonWithPrelude } from '../../src/bundling/launcher.ts';
import { literalWords } from '../../src/bundling/literal-words.ts';
import { withMentioned } from '../../src/bundling/mentioned.ts';
import { environmentProblem } from '../../src/bundling/variables.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { looksLikeToml } from '../../src/files/toml.ts';
import { projectOf } from '../bundling/samples.ts';
import { growth, mostMemory, mostTime } from '../support/growth.ts';
import { type Make, pieces, type Shapes } from '../support/hostile/shapes.ts';

/** One test for each shape. */
function grows(run: (text: string) => unknown, shapes: Shapes): void {
  test.each(Object.entries(shapes))('%s', (_, make) => {
    const { n, timeRatio, memoryRatio } = growth({ make, run, n: 64, largest: 65_536 });
    expect({
      n,
      time: timeRatio <= mostTime || timeRatio,
      memory: memoryRatio <= mostMemory || memoryRatio,
    }).toEqual({
      n,
      time: true,
      memory: true,
    });
  });
}

const repeated =
  (piece: string, after = '', before = ''): Make =>
  (n) =>
    `${before}${piece.repeat(n)}${after}`;

describe('whether a text is TOML:', () => {
  grows(looksLikeToml, {
    'blanks before a word': repeated(' ', 'x'),
    'blanks in a head': repeated(' ', '!', '['),
    'blanks behind a head': repeated(' ', '!', '[a]'),
    'a long word': repeated('x'),
    'empty lines': repeated('\n'),
    'lines of comments': repeated('# c\n'),
  });
});

describe('whether a script is told apart from one that is started:', () => {
  grows(isToldApart, {
    'empty lines': repeated('\n'),
    'blanks before return': repeated(' ', 'return'),
    'returns behind blanks': repeated('x return\n'),
    brackets: repeated('( '),
    functions: repeated('f() { return; }\n'),
  });
});

describe('the prelude of a python script:', () => {
  const surroundings = { folder: 'a', environment: { A: '1' } };
  grows((text) => pythonWithPrelude(surroundings, text), {
    'blanks behind an import': repeated(' ', '!', 'from __future__ import a'),
    'names of an import': repeated('a, ', '!', 'from __future__ import '),
    imports: repeated('from __future__ import a # c\n'),
  });
});

describe('what a file of a project mentions:', () => {
  const read = (path: string) => (text: string) =>
    withMentioned(projectOf({ [path]: text, 'a/b.py': '' }), [path], () => false);
  describe.each(['a/x.sh', 'a/x.py'])('%s', (path) => {
    grows(read(path), {
      'dots before a letter': repeated('.', 'a'),
      'a word without a slash': repeated('a'),
      'words and slashes': repeated('a/'),
      slashes: repeated('/'),
      'imports of a list without an end': repeated('import (\n'),
      'imports of lists': repeated('import (a,\nb)\n'),
      variables: repeated('${a'),
      'computed names': repeated('cat "a/$x"\n'),
      'computed names of python': repeated('open(f"a/{x}")\n'),
      'joins without an end': repeated('join(a, '),
      'names that are joined': repeated('"a" / '),
      'a long word with substitutions': repeated('$(', '', 'cat a'),
      'folders of computed names': (n) => pieces(n, (i) => `cat "a/w${i}/$x"\n`),
      words: (n) => pieces(n, (i) => `w${i} `),
      paths: (n) => pieces(n, (i) => `a/w${i} `),
    });
  });
});

describe('whether a module may have a function:', () => {
  grows((text) => callableFiles('a.check', projectOf({ 'a.py': text })), {
    'blanks behind an import': repeated(' ', 'x', 'import'),
    imports: repeated('from a import ( '),
    'definitions without an end': repeated('def a', '', 'async '),
  });
});

describe('what a hook says of its environment:', () => {
  grows((value) => environmentProblem({ A: value }), {
    'references without an end': repeated('${env.'),
  });
});

describe('what a command starts:', () => {
  grows((text) => calledBy(text.split(' ')), {
    'programs that start programs': repeated('env ', 'x'),
    assignments: repeated('a=b '),
    'options of a wrapper': repeated('-x ', '', 'nice '),
  });
  grows((text) => literalWords(text, ['A']), {
    words: repeated('a '),
    'a long word': repeated('a'),
    'folders in quotes': repeated('"$A"'),
    'folders without an end': repeated('${A'),
    'joined lines': repeated('\\\n', 'a'),
  });
});

describe('hooks that share the files of a project:', () => {
  const library = 'x'.repeat(20_000);
  const hook = (i: number) => `{"name": "h${i}", "matcher": "*", "command": "bash a.sh ${i}"}`;
  // The files are looked through once, however many hooks there are.
  grows(
    (text) =>
      parseHooksFile('f', text, {}, projectOf({ 'a.sh': `. ./b.sh\n${library}`, 'b.sh': library })),
    {
      hooks: (n) => `{"hooks": {"PreToolUse": [${pieces(n, hook, ',')}]}}`,
    },
  );
});
