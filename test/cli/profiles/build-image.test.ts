import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildImage, imageToBuild, readPackages } from '../../../src/cli/profiles/build-image.ts';
import { profileImage } from '../../../src/cli/profiles/profile-image.ts';
import { readProfiles } from '../../../src/cli/profiles/read-profiles.ts';
import { readConfig } from '../../../src/config.ts';
import { imageFolder, imageName } from '../../../src/sandbox/image.ts';

const list = readProfiles(
  readConfig({
    HOOKPOOL_PROFILES:
      '[{name: tools, with: [gh]}, {name: own, image: "mine:1"}, {name: rich, base: full, with: [gh]}]',
  }),
);

describe('packages are read', () => {
  it('each once and sorted', () => {
    expect(readPackages('python3-yaml,git,git,g++')).toEqual(['g++', 'git', 'python3-yaml']);
    expect(readPackages(undefined)).toBeUndefined();
  });

  it.each([
    '',
    'a',
    'git,',
    'git python3',
    '--allow',
    '-y',
    'Git',
    'git;true',
    '$(x)',
    '../x',
    'a/b',
    'git=1',
  ])('%j is refused before anything runs', (text) => {
    expect(() => readPackages(text)).toThrow('no name of a Debian package');
  });

  it('not more than 100', () => {
    const many = Array.from({ length: 101 }, (_, at) => `p${at}x`).join(',');
    expect(() => readPackages(many)).toThrow('101 packages; 100 are the most');
  });
});

describe('the image to build', () => {
  it('is that of a profile of the list', () => {
    expect(imageToBuild(list, 'small', undefined)).toMatchObject({
      image: imageName(),
      base: 'small',
    });
    expect(imageToBuild(list, 'full', undefined)).toMatchObject({
      image: imageName(imageFolder, 'full'),
      base: 'full',
      packages: [],
    });
    expect(imageToBuild(list, 'tools', undefined)).toEqual({
      name: 'tools',
      image: profileImage('tools', ['gh']),
      base: 'small',
      packages: ['gh'],
    });
  });

  it('is that of a new profile with packages', () => {
    const { image } = imageToBuild(list, 'Data.Tools', ['zip']);
    expect(image).toMatch(/^hookpool\/profile-data-tools:[0-9a-f]{12}$/);
  });

  it('can begin with that of full, and is then another one', () => {
    const { image, base } = imageToBuild(list, 'web', ['gh'], 'full');
    expect([base, image]).toEqual(['full', profileImage('web', ['gh'], 'full')]);
    expect(image).not.toBe(imageToBuild(list, 'web', ['gh']).image);
    expect(imageToBuild(list, 'rich', undefined)).toMatchObject({ base: 'full', packages: ['gh'] });
  });

  it.each([
    ['tools', 'small', '--base is for a new profile'],
    ['web', 'other', '--base is "other"; it must be small or full'],
  ])('of %s with --base %s is refused', (name, base, message) => {
    const packages = name === 'web' ? ['gh'] : undefined;
    expect(() => imageToBuild(list, name, packages, base)).toThrow(message);
  });

  it.each<[string, string[] | undefined, string]>([
    ['none', undefined, 'There is no profile "none". Known: small, full, tools, own, rich.'],
    ['own', undefined, 'has the image mine:1, which is not built here'],
    ['full', ['gh'], 'full is built in'],
    ['a b', ['gh'], 'it must be 1 to 128 letters'],
  ])('%s with %j is refused', (name, packages, message) => {
    expect(() => imageToBuild(list, name, packages)).toThrow(message);
  });
});

describe('a build', () => {
  let folder = '';
  let said = '';
  const script = (text: string) => {
    const file = path.join(folder, 'build.sh');
    writeFileSync(file, `${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const err = (text: string) => {
    said += text;
  };
  const stop = new AbortController();
  const io = { err, stopSignal: () => stop.signal } as never;
  const wanted = { image: 'x:1', base: 'full', packages: ['a1', 'b1'] } as const;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hookpool-build-'));
    said = '';
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('gets image, profile and packages, and its output goes to stderr', async () => {
    const code = await buildImage(wanted, io, script('echo "$#:$1:$2:$3:$4"; echo late >&2'));
    expect([code, said.split('\n').toSorted().join()]).toEqual([0, ',4:x:1::full:a1,b1,late']);
  });

  it('that fails is told by the exit code for what is missing', async () => {
    expect(await buildImage(wanted, io, script('exit 3'))).toBe(75);
  });

  it('ends when the command is stopped', async () => {
    const running = buildImage(wanted, io, script('exec sleep 60'));
    stop.abort();
    expect(await running).toBe(130);
  });
});
