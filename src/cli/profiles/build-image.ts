/** Builds the image of a profile with sandbox-images/build.sh, which the package ships. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { builtInContents } from '../../bundling/needs/profiles.ts';
import { InvalidInputError } from '../../errors.ts';
import { plainNamePattern } from '../../protocol/limits.ts';
import { shown } from '../../protocol/shown.ts';
import { type BuiltIn, imageFolder } from '../../sandbox/image.ts';
import { builtInProfile } from '../../sandbox/profile.ts';
import { exitCodes, type Io } from '../command.ts';
import { maxPackages, packagePattern, profileImage } from './profile-image.ts';
import type { ListedProfile } from './read-profiles.ts';

export interface ImageToBuild {
  readonly name: string;
  readonly image: string;
  /** The built-in image that it begins with. */
  readonly base: BuiltIn;
  /** Debian packages beside those of the base, sorted. */
  readonly packages: readonly string[];
}

/** Reads `git,python3-yaml`. @throws InvalidInputError `INVALID_USAGE` for what is no package */
export function readPackages(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const packages = [...new Set(text.split(','))].toSorted();
  const bad = packages.find((one) => !packagePattern.test(one));
  if (bad !== undefined)
    throw wrong(
      `--with has "${shown(bad)}", which is no name of a Debian package, such as python3-yaml.`,
    );
  if (packages.length > maxPackages)
    throw wrong(`--with has ${packages.length} packages; ${maxPackages} are the most.`);
  return packages;
}

/**
 * @param packages of a new profile; undefined: the profile is in the list
 * @param base of a new profile; undefined: `small`
 * @throws InvalidInputError `INVALID_USAGE` for a profile that cannot be built
 */
export function imageToBuild(
  profiles: readonly ListedProfile[],
  name: string,
  packages: readonly string[] | undefined,
  base?: string,
): ImageToBuild {
  if (packages !== undefined) return newImage(name, packages, base ?? 'small');
  if (base !== undefined) throw wrong('--base is for a new profile: it needs --with.');
  const listed = profiles.find((profile) => profile.name === name);
  const known = profiles.map((profile) => profile.name).join(', ');
  if (listed === undefined)
    throw wrong(`There is no profile "${shown(name)}". Known: ${known}. A new one needs --with.`);
  const own = isBuiltIn(name)
    ? builtInProfile(listed.base).image
    : profileImage(name, listed.packages, listed.base);
  if (listed.image !== own)
    throw wrong(`The profile ${name} has the image ${listed.image}, which is not built here.`);
  return { name, image: own, base: listed.base, packages: listed.packages };
}

function newImage(name: string, packages: readonly string[], base: string): ImageToBuild {
  if (isBuiltIn(name)) throw wrong(`${name} is built in: give --with another --profile.`);
  if (!plainNamePattern.test(name))
    throw wrong(
      `--profile is "${shown(name)}"; it must be 1 to 128 letters, digits, ".", "_" or "-".`,
    );
  if (base !== 'small' && base !== 'full')
    throw wrong(`--base is "${shown(base)}"; it must be small or full.`);
  return { name, image: profileImage(name, packages, base), base, packages };
}

function isBuiltIn(name: string): boolean {
  return builtInContents.some((one) => one.name === name);
}

/** Runs the build; its output goes to stderr. @returns an exit code */
export async function buildImage(
  { image, base, packages }: Omit<ImageToBuild, 'name'>,
  io: Io,
  script = path.join(imageFolder, 'build.sh'),
): Promise<number> {
  const child = spawn('bash', [script, image, '', base, packages.join(',')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: io.stopSignal(),
    killSignal: 'SIGTERM',
  });
  child.stdout.on('data', (bytes: Buffer) => io.err(bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => io.err(bytes.toString()));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0 ? exitCodes.ok : exitCodes.unavailable;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;
    throw error;
  }
}

function wrong(message: string): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', message);
}
