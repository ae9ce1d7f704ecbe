import { describe, expect, it } from 'vitest';
import { callableFiles } from '../../src/bundling/callable-files.ts';
import type { ProjectFiles } from '../../src/bundling/project-files.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { projectOf } from './samples.ts';

const check = 'def check(**event):\n    pass\n';
const found = (path: string, files: Record<string, string>) => {
  const { paths, runs, problems } = callableFiles(path, projectOf(files));
  return { paths: [...paths].sort(), runs: [...runs.keys()], problems };
};

describe('the module of a function', () => {
  it.each([
    ['hooks.check', { 'hooks.py': check }, ['hooks.py']],
    ['a.b.check', { 'a/b.py': check, 'a/c.py': '' }, ['a/b.py']],
    ['a.b.check', { 'a/__init__.py': '', 'a/b.py': check }, ['a/__init__.py', 'a/b.py']],
    ['a.b.check', { 'a/b/__init__.py': check }, ['a/b/__init__.py']],
    ['a.b.check', { 'a/b/__init__.py': check, 'a/b.py': '' }, ['a/b/__init__.py']],
    ['a.b.Guard.check', { 'a/b.py': 'class Guard:\n    check = 1\n' }, ['a/b.py']],
    ['a.b.check', { 'src/a/b.py': check }, ['src/a/b.py']],
    ['a.b.check', { 'a/b.py': check, 'src/a/b.py': check }, ['a/b.py']],
  ])('%s is found in %j', (path, files, paths) => {
    expect(found(path, files as Record<string, string>)).toEqual({
      paths,
      runs: [paths.at(-1)],
      problems: [],
    });
  });

  it('may be one of python itself, which takes nothing along', () => {
    expect(found('os.path.exists', {})).toEqual({ paths: [], runs: [], problems: [] });
  });

  it('that is not there is a problem that names the files', () => {
    expect(found('a.b.check', { 'a/c.py': check }).problems).toEqual([
      expect.stringMatching(
        /^There is no python module of a\.b\.check .* a\/b\.py nor a\/b\/__init/,
      ),
    ]);
    expect(callableFiles('a.b.check', undefined).problems).toEqual([
      expect.stringContaining('hookpool bundle'),
    ]);
  });

  it('that may not be taken along is a problem with its reason', () => {
    const files: ProjectFiles = {
      ...projectOf({}),
      read: () => {
        throw new InvalidInputError('INVALID_SCRIPT', 'a/b.py is a link.');
      },
    };
    expect(new Set(callableFiles('a.b.check', files).problems)).toEqual(
      new Set(['a/b.py is a link.']),
    );
  });
});

describe('a function', () => {
  it.each([
    'def check(a): pass',
    'async def check(\n    a,\n) -> dict:\n    pass',
    'class check: pass',
    'check = make()',
    'check: Hook = make()',
    'a, check = make()',
    'from x import check',
    'from x import other as check',
    'from x import (\n    a,\n    check,\n)',
    'from x import *',
    'try:\n    from x import check\nexcept ImportError:\n    def check(): pass',
    'if 1:\n    def check(): pass',
    'def __getattr__(name): return 1',
    'globals().update(make())',
    '@wraps\ndef check(): pass',
    'def other(): pass\ncheck = other',
  ])('%j may have it', (text) => {
    expect(found('m.check', { 'm.py': text }).problems).toEqual([]);
  });

  it.each([
    '',
    'def chekc(): pass',
    '# check',
    '"""check"""',
    'def other(check): pass',
    'class Guard:\n    def check(self): pass',
    'def other(\n    check,\n):\n    check()\n',
    'a.check = 1',
    'def check2(): pass',
  ])('%j has none', (text) => {
    expect(found('m.check', { 'm.py': text }).problems).toEqual([
      'm, m.py, has no "check": name a function that it defines or imports.',
    ]);
  });

  it('is no module', () => {
    expect(found('a.b', { 'a/b.py': check }).problems).toEqual([
      'a.b is a module, a/b.py: name a function in it, such as a.b.check.',
    ]);
  });

  it('of a file that is no text is left to the run', () => {
    expect(found('m.check', { 'm.py': '\xff' }).problems).toEqual([]);
  });
});
