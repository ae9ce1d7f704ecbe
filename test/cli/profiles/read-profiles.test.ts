import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listedContents, readProfiles } from '../../../src/cli/profiles/read-profiles.ts';
import { readConfig } from '../../../src/config.ts';
import { imageFolder, imageName } from '../../../src/sandbox/image.ts';
import { defaultLimits } from '../../../src/sandbox/spec.ts';

const read = (list: unknown, env = {}) =>
  readProfiles(readConfig({ HOOKPOOL_PROFILES: JSON.stringify(list), ...env }));
const mib = 1 << 20;

describe('the profiles of a process', () => {
  it('are small and full without a list', () => {
    const [small, full, ...others] = readProfiles(readConfig({}));
    expect(small).toMatchObject({ name: 'small', image: imageName(), limits: defaultLimits });
    expect(full).toMatchObject({ name: 'full', image: imageName(imageFolder, 'full') });
    expect(full?.contents.programs).toContain('git');
    expect(others).toEqual([]);
  });

  it('have the contents that readers of hook files are told', () => {
    const config = readConfig({
      HOOKPOOL_PROFILES:
        '[{name: small, pids: 99}, {name: rich, base: full, with: [gh], programs: [gh]}]',
    });
    expect(listedContents(config)).toEqual(readProfiles(config).map(({ contents }) => contents));
    expect(listedContents(config).map(({ name }) => name)).toEqual(['small', 'full', 'rich']);
  });

  it('are those of the list behind the built-in ones, in its order', () => {
    const list = readProfiles(
      readConfig({
        HOOKPOOL_PROFILES: '- {name: b, with: [zip, gh]}\n- {name: a, image: "mine:1", pids: 99}\n',
        HOOKPOOL_MEMORY_MIB: '512',
      }),
    );
    expect(list.map(({ name }) => name)).toEqual(['small', 'full', 'b', 'a']);
    expect(list[2]).toMatchObject({
      image: expect.stringMatching(/^hookpool\/profile-b:[0-9a-f]{12}$/),
      packages: ['gh', 'zip'],
      remedy: 'Run `hookpool image --build --profile b`.',
    });
    expect(list[3]).toMatchObject({ image: 'mine:1', remedy: expect.stringContaining('Pull it') });
    expect(list.map(({ limits }) => limits.memoryBytes)).toEqual(Array(4).fill(512 * mib));
    expect(list.map(({ limits }) => limits.pids)).toEqual([64, 64, 64, 99]);
  });

  it('can have limits, programs and modules of their own', () => {
    const limits = { memoryMib: 1024, cpus: 2, scratchMib: 64 };
    const own = { name: 'tools', with: ['gh'], programs: ['gh'], modules: ['yaml'] };
    const list = read([{ name: 'full', ...limits }, own]);
    expect(list[1]?.limits).toMatchObject({
      memoryBytes: 1024 * mib,
      cpus: 2,
      scratchBytes: 64 * mib,
    });
    expect(list[0]?.limits).toEqual(defaultLimits);
    expect(list[2]?.contents).toEqual({ name: 'tools', programs: ['gh'], modules: ['yaml'] });
  });

  it('that begin with full have what full has, and another image than without', () => {
    const own = { with: ['gh'], programs: ['gh'], modules: ['own'] };
    const [, full, rich, plain] = read([
      { name: 'rich', base: 'full', ...own },
      { name: 'plain', base: 'small', ...own },
    ]);
    const expected = [...(full?.contents.programs ?? []), 'gh'];
    expect(rich?.contents.programs).toEqual(expected);
    expect(rich?.contents.modules).toEqual([...(full?.contents.modules ?? []), 'own']);
    expect(plain?.contents).toEqual({ name: 'plain', programs: ['gh'], modules: ['own'] });
    expect([rich?.base, plain?.base]).toEqual(['full', 'small']);
    expect(rich?.image).not.toBe(read([{ name: 'rich', ...own }])[2]?.image);
  });

  it('can be read from a file', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-profiles-'));
    try {
      const file = path.join(folder, 'profiles.yaml');
      writeFileSync(file, '- {name: tools, image: "mine:2"}\n');
      const list = readProfiles(readConfig({ HOOKPOOL_PROFILES_FILE: file }));
      expect(list.map(({ name }) => name)).toEqual(['small', 'full', 'tools']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('have another image where the packages are others', () => {
    const [, , a, b] = read([
      { name: 'a', with: ['gh'] },
      { name: 'b', with: ['zip'] },
    ]);
    const [, , again] = read([{ name: 'a', with: ['gh', 'zip'] }]);
    expect(new Set([a?.image, b?.image, again?.image]).size).toBe(3);
  });
});

it.each<[string, unknown, string]>([
  ['a name with a space', [{ name: 'a b', image: 'x' }], '0.name: must be'],
  ['no image', [{ name: 'a' }], 'a needs either image or with'],
  ['two images', [{ name: 'a', image: 'x', with: ['gh'] }], 'a needs either image or with'],
  [
    'a name twice',
    [
      { name: 'a', image: 'x' },
      { name: 'a', image: 'y' },
    ],
    'a stands there twice',
  ],
  ['programs of small', [{ name: 'small', programs: ['x'] }], 'small is built in'],
  ['packages of full', [{ name: 'full', with: ['gh'] }], 'full is built in'],
  [
    'a base of an image',
    [{ name: 'a', image: 'x', base: 'full' }],
    'a has an image: base is for with',
  ],
  ['a base that is none', [{ name: 'a', with: ['gh'], base: 'x' }], '0.base'],
  ['an option as a package', [{ name: 'a', with: ['--x'] }], '0.with.0: must be a Debian package'],
  ['a path as a program', [{ name: 'a', image: 'x', programs: ['/x'] }], 'must be a name'],
  ['too little memory', [{ name: 'a', image: 'x', memoryMib: 1 }], '0.memoryMib'],
  ['an unknown key', [{ name: 'a', image: 'x', network: true }], 'network'],
  ['no list', { name: 'a' }, 'the list'],
])('%s is refused', (_, list, message) => {
  expect(() => read(list)).toThrow(
    expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringContaining(message) }),
  );
});

it('a text that is no JSON or YAML, and a file that is not there, are refused', () => {
  expect(() => readProfiles(readConfig({ HOOKPOOL_PROFILES: '[' }))).toThrow('HOOKPOOL_PROFILES:');
  expect(() => readProfiles(readConfig({ HOOKPOOL_PROFILES_FILE: '/none' }))).toThrow('/none');
});
