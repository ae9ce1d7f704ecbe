import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject, projectFolderOf } from '../../src/cli/project-folder.ts';

let root = '';

function write(name: string, text = ''): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}

beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'project-')));
  for (const name of ['a/b/c/d/e.txt', 'a/x.sh', 'a/.hidden', 'node_modules/m/x', 'z.txt'])
    write(name, name);
  chmodSync(path.join(root, 'a/x.sh'), 0o755);
  write('large.bin', 'x'.repeat((1 << 20) + 1));
  write('plugin/.claude-plugin/plugin.json');
  write('.extension/gemini-extension.json');
  symlinkSync('/etc/passwd', path.join(root, 'out'));
  symlinkSync('/etc', path.join(root, 'outdir'));
  symlinkSync('a/x.sh', path.join(root, 'in'));
  symlinkSync('loop', path.join(root, 'loop'));
});

afterAll(() => rmSync(root, { recursive: true }));

describe('the project of a hooks file', () => {
  it.each([
    ['/w/hooks.yaml', '/w'],
    ['/w/.claude/settings.json', '/w'],
    ['/w/.github/hooks/x.json', '/w'],
    ['/w/.github/other/x.json', '/w/.github/other'],
    ['/w/hooks/hooks.json', '/w/hooks'],
    ['/w/.kiro/agents/a.json', '/w'],
    ['/w/.amazonq/cli-agents/a.json', '/w'],
    ['/w/.clinerules/hooks/PreToolUse', '/w'],
    ['/w/.codeium/windsurf/hooks.json', '/w'],
    ['/w/agents/a.json', '/w/agents'],
    ['/home/me/.dotfiles/w/hooks.yaml', '/home/me/.dotfiles/w'],
    ['/.claude/settings.json', '/'],
  ])('of %s is %s', (file, folder) => {
    expect(projectFolderOf(file)).toBe(folder);
  });

  it.each(['plugin', '.extension'])('of the hooks of a %s is the plugin', (plugin) => {
    const folder = path.join(root, plugin);
    expect(projectFolderOf(path.join(folder, 'hooks/hooks.json'))).toBe(folder);
  });
});

describe('a project on the disk', () => {
  it('has its files with their modes, also behind links that stay inside', () => {
    const project = openProject(root);
    expect(project).toMatchObject({ folder: root, home: homedir() });
    expect(project.read('a/x.sh')).toEqual({
      path: 'a/x.sh',
      executable: true,
      content: Buffer.from('a/x.sh'),
    });
    expect(project.read('z.txt')).toMatchObject({ executable: false });
    expect(project.read('in')).toEqual({
      path: 'in',
      executable: true,
      content: Buffer.from('a/x.sh'),
    });
  });

  it.each(['none', 'a', '', 'z.txt/x', 'loop', 'x'.repeat(300)])('has no file %j', (name) => {
    expect(openProject(root).read(name)).toBeUndefined();
  });

  it.each([
    ['out', 'INVALID_SCRIPT', 'out is a link that leads out of the project, to /etc/passwd.'],
    ['outdir/passwd', 'INVALID_SCRIPT', 'is a link that leads out'],
    ['large.bin', 'TOO_LARGE', 'large.bin has 1048577 bytes; 1048576 are the most'],
    ['a\0b', 'INVALID_SCRIPT', 'cannot be read'],
  ])('refuses %j: %s', (name, code, message) => {
    expect(() => openProject(root).read(name)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('lists files from above to below, without hidden ones, links and what tools made', () => {
    const project = openProject(root);
    expect(project.list('')).toEqual(['large.bin', 'z.txt', 'a/x.sh']);
    expect(project.list('a')).toEqual(['a/x.sh', 'a/b/c/d/e.txt']);
    expect(project.list('none')).toEqual([]);
  });

  it.each(['none', 'z.txt'])('is a folder, which %s is not', (name) => {
    expect(() => openProject(path.join(root, name))).toThrow(
      expect.objectContaining({ code: 'INVALID_USAGE' }),
    );
  });
});
