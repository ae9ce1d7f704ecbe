import { expect, it } from 'vitest';
import { pluginManifests } from '../../src/agents/registry.ts';
import { filesAlong } from '../../src/bundling/along.ts';
import { remembering } from '../../src/bundling/project-files.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { maxBundleBytes } from '../../src/protocol/bundle.ts';
import { projectOf } from './samples.ts';

const plugin = {
  '.claude-plugin/plugin.json': '{}',
  'hooks/x.sh': 'exit 0',
  'core/a.txt': '',
  'logo.png': '',
  'node_modules/b.js': '',
  'no/c.txt': '',
};

function along(files: Record<string, string>, named = ['hooks/x.sh'], place = {}) {
  const isLeftOut = (path: string) => path.startsWith('no/');
  const project = remembering(projectOf(files, place));
  return [...filesAlong(project, named, isLeftOut).along.taken.keys()].sort();
}

it('all of a plugin goes along, without media and what is hidden or left out', () => {
  expect(along(plugin)).toEqual(['core/a.txt', 'hooks/x.sh']);
});

it.each(pluginManifests)('%s makes a folder a plugin', (manifest) => {
  expect(along({ [manifest]: '{}', 'hooks/x.sh': '', a: '' })).toContain('a');
});

it('nothing more goes along with a hook that takes no file', () => {
  expect(along(plugin, [])).toEqual([]);
});

it("nothing more goes along from another project, a user's home and a large plugin", () => {
  const { '.claude-plugin/plugin.json': _, ...other } = plugin;
  expect(along(other)).toEqual(['hooks/x.sh']);
  expect(along(plugin, ['hooks/x.sh'], { folder: '/h', home: '/h' })).toEqual(['hooks/x.sh']);
  const large = { ...plugin, 'core/b': ' '.repeat(maxBundleBytes + 1) };
  expect(along(large)).toEqual(['hooks/x.sh']);
  expect(along({ ...plugin, b: ' '.repeat(maxBundleBytes) })).toEqual(['hooks/x.sh']);
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, '']));
  expect(along({ ...plugin, ...many })).toEqual(['hooks/x.sh']);
});

it('a plugin that imports itself by the name of its folder has its modules a second time', () => {
  const script = 'import sys\nfrom guard_kit.core.rules import judge';
  const files = {
    '.claude-plugin/plugin.json': '{}',
    'hooks/x.py': script,
    'core/rules.py': 'from guard_kit import words',
    'words.py': '',
    'notes.txt': '',
  };
  const once = ['core/rules.py', 'hooks/x.py', 'notes.txt', 'words.py'];
  const twice = ['core/rules.py', 'hooks/x.py', 'words.py'].map((path) => `guard_kit/${path}`);
  const at = (folder: string, more = {}) =>
    along({ ...files, ...more }, ['hooks/x.py'], { folder });
  expect(at('/src/guard_kit')).toEqual([...once, ...twice].sort());
  expect(at('/src/other')).toEqual(once);
  expect(at('/src/guard_kit', { 'hooks/x.py': 'import core.rules', 'core/rules.py': '' })).toEqual(
    once,
  );
  const own = { 'guard_kit/words.py': '' };
  expect(at('/src/guard_kit', own)).toEqual([...once, 'guard_kit/words.py'].sort());
  const { '.claude-plugin/plugin.json': _, ...noPlugin } = files;
  expect(along(noPlugin, ['hooks/x.py'], { folder: '/src/guard_kit' })).toEqual(['hooks/x.py']);
  const large = { 'words.py': ' '.repeat(maxBundleBytes / 2) };
  expect(at('/src/guard_kit', large)).toEqual(once);
});

it('a file of the plugin that cannot be read stays out', () => {
  const files = projectOf(plugin);
  const read = (path: string) => {
    if (path === 'core/a.txt') throw new InvalidInputError('INVALID_SCRIPT', 'a link');
    return files.read(path);
  };
  const { along: found } = filesAlong({ ...files, read }, ['hooks/x.sh'], () => false);
  expect([...found.taken.keys()].sort()).toEqual(['hooks/x.sh', 'no/c.txt']);
});

it('a reader that fails is no matter of the file', () => {
  const files = projectOf({ x: '. "$D/y.sh"', 'y.sh': '' });
  const read = (path: string) => {
    if (path === 'y.sh') throw new TypeError('broken');
    return files.read(path);
  };
  expect(() => filesAlong({ ...files, read }, ['x'], () => false)).toThrow(TypeError);
});
