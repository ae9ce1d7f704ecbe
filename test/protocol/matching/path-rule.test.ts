import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../src/protocol/matching/condition.ts';
import { Matching } from '../../../src/protocol/matching/patterns/matching.ts';

describe('a condition on a path', () => {
  it.each([
    ['Write(src/**/*.ts)', 'src/a/b.ts', '/repo', true],
    ['Write(src/**/*.ts)', '/repo/src/b.ts', '/repo', true],
    ['Write(src/**/*.ts)', '/repo/src/../../etc/b.ts', '/repo', false],
    ['Write(src/**/*.ts)', '/repo/vendor/src/b.ts', '/repo', false],
    ['Write(./src/*)', 'src/b.ts', '/repo', true],
    ['Write(**/src/**)', '/other/vendor/src/b.ts', '/repo', true],
    ['Write(*.ts)', 'deep/down/b.ts', '/repo', true],
    ['Write(*.ts)', 'b.js', '/repo', false],
    ['Write(//etc/**)', '/etc/passwd', '/repo', true],
    ['Write(/etc/**)', '/home/x', '/', false],
    ['Write(.env)', '.env', '/repo', true],
    ['Write(src/*)', '/repo/src/b', undefined, true],
    ['Write(src/*)', 'lib/b', undefined, false],
    ['Write(src/*)', 'src/./b', undefined, true],
  ])('%s for %s in %s: %s', (condition, path, cwd, expected) => {
    const call = { toolName: 'Write', toolInput: { file_path: path }, cwd };
    expect(compileCondition(condition)(call)).toBe(expected);
  });
});

function holds(pattern: string, path: string, cwd: string | undefined = '/home/dev/proj'): boolean {
  return compileCondition(`Edit(${pattern})`)({
    toolName: 'Edit',
    toolInput: { file_path: path },
    cwd,
  });
}

describe('a pattern starts from the root, the home folder, the project, or the cwd', () => {
  it.each([
    ['//etc/**', '/etc/passwd', true],
    ['//etc/**', '/home/dev/proj/etc/passwd', false],
    ['//etc/**', 'etc/passwd', false],
    ['//etc/**', '../../../etc/passwd', true],
    ['//**/.env', '/srv/a/.env', true],
    ['//', '/srv/a', true],
    ['~/.ssh/**', '/home/dev/.ssh/id_ed25519', true],
    ['~/.ssh/**', '/root/.ssh/id_ed25519', true],
    ['~/.ssh/**', '~/.ssh/id_ed25519', true],
    ['~/.ssh/**', '~/.sshd/x', false],
    ['~/.ssh/**', '../.ssh/id_ed25519', true],
    ['~/.ssh/**', '/home/dev/ssh/id_ed25519', false],
    ['~/', '~/x', true],
    ['/src/**', '/home/dev/proj/src/a.ts', true],
    ['/src/**', 'src/a.ts', true],
    ['/src/**', '/src/a.ts', false],
    ['/src/**', 'vendor/src/a.ts', false],
    ['/src/**', '/home/other/src/a.ts', false],
    ['/', 'a', true],
    ['src/**', 'src/a.ts', true],
    ['src/**', './src/a.ts', true],
    ['src/**', 'vendor/src/a.ts', false],
    ['./src/**', 'src/a.ts', true],
    ['./a.ts', 'src/a.ts', false],
    ['a.ts', 'src/a.ts', true],
    ['.env', '/other/.env', true],
    ['**/src/**', 'vendor/src/a.ts', true],
  ])('%s for %s: %s', (pattern, path, expected) => {
    expect(holds(pattern, path)).toBe(expected);
  });

  it('a folder above the cwd may be the project, and so may ~/.claude, but not the root', () => {
    const inPackage = (path: string) => holds('/src/**', path, '/home/dev/proj/packages/a');
    expect(inPackage('/home/dev/proj/src/a.ts')).toBe(true);
    expect(inPackage('/home/me/.claude/src/a.ts')).toBe(true);
    expect(inPackage('/src/a.ts')).toBe(false);
    expect(holds('/src/**', '/src/a.ts', '/')).toBe(true);
  });
});

describe('a pattern that matches a folder matches everything below it, as in gitignore', () => {
  it.each([
    ['.github/workflows/', '.github/workflows/ci.yml', true],
    ['.github/workflows', '.github/workflows/a/ci.yml', true],
    ['.github/workflows/', 'a/.github/workflows/ci.yml', false],
    ['secrets/', 'a/secrets/b', true],
    ['secrets', 'a/secrets/b', true],
    ['secrets', 'a/secretsb', false],
    ['src/*', 'src/a/b', true],
    ['src/*', 'src', false],
    ['{a*,b}', 'a1/c', true],
    ['{a*,b}', 'b/c', true],
    ['!src/', 'src/a', false],
    ['!src/', 'lib/a', true],
    ['!!src/', 'lib/a', false],
  ])('%s for %s: %s', (pattern, path, expected) => {
    expect(holds(pattern, path)).toBe(expected);
  });
});

describe('a path of which the place is not known matches', () => {
  const nowhere = (pattern: string, path: string) =>
    compileCondition(`Edit(${pattern})`)({
      toolName: 'Edit',
      toolInput: { file_path: path },
      cwd: undefined,
    });

  it.each([
    ['//etc/x', 'etc/x', true],
    ['//etc/x', '/etc/y', false],
    ['~/x', 'a/x', true],
    ['~/x', '/home/dev/x', true],
    ['~/x', '/home/dev/y', false],
    ['/src/a', 'src/a', true],
    ['/src/a', '/p/src/a', true],
    ['/src/a', '/p/src/b', false],
    ['src/a', '/p/src/a', true],
    ['**/src/a', '/p/src/b', false],
    ['src/a', 'src/b', false],
    ['*.ts', '/p/a.js', false],
    ['*.ts', 'a.js', false],
    ['src/a', '~/src/b', true],
    ['*.ts', '~/a.js', false],
    ['*.ts', '~dev/a.js', true],
    ['!~/x', 'a/x', true],
  ])('without a cwd %s for %s: %s', (pattern, path, expected) => {
    expect(nowhere(pattern, path)).toBe(expected);
  });

  it('neither is that of a pattern with .., and that of a project with 50 folders above', () => {
    expect(holds('../shared/**', '/x')).toBe(true);
    expect(holds('/src/a', '/x', '/a'.repeat(50))).toBe(true);
    expect(holds('/src/a', '/x', '/a'.repeat(49))).toBe(false);
  });

  it('what exceeds the limits matches a negated pattern too', () => {
    const matching = new Matching(10);
    const call = { toolName: 'Edit', toolInput: { file_path: 'a/'.repeat(50) }, cwd: '/' };
    expect(compileCondition('Edit(!a/**)')(call, matching)).toBe(true);
    expect(matching.untold).toBeGreaterThan(0);
  });
});

it.each([
  ['//c/Users/me/**', 'C:\\Users\\me\\a.ts', true],
  ['//c/Users/me/**', 'c:/Users/me/a.ts', true],
  ['//c/Users/me/**', 'D:\\Users\\me\\a.ts', false],
])(
  'a path of Windows is compared in the form of Unix: %s for %s: %s',
  (pattern, path, expected) => {
    expect(holds(pattern, path)).toBe(expected);
  },
);

it('a path of Windows is below a cwd of Windows', () => {
  expect(holds('src/*', 'C:\\p\\src\\a', 'c:\\p')).toBe(true);
  expect(holds('src/*', 'C:\\q\\src\\a', 'c:\\p')).toBe(false);
});

describe('a path with \\ is read as Unix reads it and as Windows does', () => {
  it.each([
    ['.env', '.\\.env', true],
    ['.env', 'sub\\.env', true],
    ['.env', '\\\\srv\\s\\.env', true],
    ['.env', 'C:.env', true],
    ['.env', 'sub\\a.env', false],
    ['src/**', 'src\\a.ts', true],
    ['src/**', 'C:\\p\\SRC\\a.ts', true],
    ['src/**', '\\\\?\\C:\\p\\src\\a.ts', true],
    ['src/**', 'lib\\a.ts', false],
    ['!src/**', 'src\\a.ts', true],
    ['a\\\\b', 'a\\b', true],
  ])('Edit(%s) for %s: %s', (pattern, path, expected) => {
    expect(holds(pattern, path, 'C:\\p')).toBe(expected);
  });

  it('so is a cwd', () => {
    expect(holds('src/*', 'src/a', '\\\\srv\\s')).toBe(true);
    expect(holds('src/*', '\\\\srv\\s\\src\\a', '\\\\srv\\s')).toBe(true);
  });
});

it.each([
  ['C:/proj/**', 'C:\\proj\\a', true],
  ['c:/proj/**', 'C:/proj/a', true],
  ['//C:/proj/**', 'C:\\proj\\a', true],
  ['C:\\Users\\a\\**', 'c:\\users\\A\\x', true],
  ['C:/proj/**', 'D:\\proj\\a', false],
  ['C:/proj/**', 'C:\\p\\a', false],
])('a pattern may begin with a drive: Edit(%s) for %s: %s', (pattern, path, expected) => {
  expect(holds(pattern, path)).toBe(expected);
});

describe('names are compared without regard to case and to the form of their accents', () => {
  it.each([
    ['.env', '/home/dev/p/.ENV', true],
    ['SRC/**', 'src/a', true],
    ['[A-z]x', '_x', true],
    ['[A-Z]x', 'ax', true],
    ['caf\u00e9/**', 'cafe\u0301/a', true],
    ['cafe\u0301/**', 'caf\u00c9/a', true],
    ['!src/**', 'SRC/a', true],
    ['!src/**', 'src/a', false],
  ])('Edit(%s) for %s: %s', (pattern, path, expected) => {
    expect(holds(pattern, path)).toBe(expected);
  });
});

it.each([
  ['.env ', '.env', true],
  [' src/** ', 'src/a', true],
  ['a\\ ', 'a ', true],
  ['src//a.ts', 'src/a.ts', true],
  ['src/./a.ts', 'src/a.ts', true],
  ['///etc/**', '/etc/passwd', true],
  ['~', '/home/dev/x', true],
  ['~', '~/x', true],
])(
  'a blank, a slash or a dot too many changes nothing: Edit(%s) for %s: %s',
  (pattern, path, is) => {
    expect(holds(pattern, path)).toBe(is);
  },
);
