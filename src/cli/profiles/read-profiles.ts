/** The profiles of this process: the built-in ones and the operator's list. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { builtInContents } from '../../bundling/needs/profiles.ts';
import { type Config, readConfig } from '../../config.ts';
import { InvalidInputError, messageOf } from '../../errors.ts';
import { formatProblems } from '../../files/problem-text.ts';
import { SourceDocument, told } from '../../files/source-document.ts';
import { plainNamePattern } from '../../protocol/limits.ts';
import type { ProfileContents } from '../../protocol/profile.ts';
import { shortened } from '../../protocol/shown.ts';
import type { BuiltIn } from '../../sandbox/image.ts';
import { builtInProfile, type Profile } from '../../sandbox/profile.ts';
import { defaultLimits, type SandboxLimits } from '../../sandbox/spec.ts';
import { maxPackages, packagePattern, profileImage } from './profile-image.ts';

/** A profile with all that is known of it. */
export interface ListedProfile extends Profile {
  readonly contents: ProfileContents;
  /** The built-in profile whose image has the packages besides. */
  readonly base: BuiltIn;
  /** Debian packages beside those of the base, sorted. */
  readonly packages: readonly string[];
}

/** The most entries of a list, and names of programs or modules of one entry. */
const maxProfiles = 64;
const maxNames = 5_000;
const mostIssues = 20;
const mib = 1 << 20;

const names = z.array(z.string().regex(/^[\w.+[-]{1,128}$/, 'must be a name')).max(maxNames);
const whole = (min: number, max: number) => z.number().int().min(min).max(max).optional();

/** The same bounds as those of the settings in the environment. */
const entrySchema = z
  .strictObject({
    name: z.string().regex(plainNamePattern, 'must be 1 to 128 letters, digits, ".", "_" or "-"'),
    image: z.string().min(1).max(512).optional(),
    with: z
      .array(z.string().regex(packagePattern, 'must be a Debian package'))
      .min(1)
      .max(maxPackages)
      .optional(),
    base: z.enum(['small', 'full']).optional(),
    memoryMib: whole(64, 16_384),
    pids: whole(16, 4_096),
    cpus: z.number().min(0.1).max(64).optional(),
    scratchMib: whole(1, 4_096),
    programs: names.optional(),
    modules: names.optional(),
  })
  .superRefine(({ name, image, with: packages, base, programs, modules }, context) => {
    const isBuiltIn = builtInContents.some((one) => one.name === name);
    const complain = (message: string) => context.addIssue({ code: 'custom', message });
    if (isBuiltIn && [packages, base, programs, modules].some((one) => one !== undefined))
      complain(`${name} is built in: only its image and its limits can be set`);
    else if (!isBuiltIn && (image === undefined) === (packages === undefined))
      complain(`${name} needs either image or with`);
    else if (image !== undefined && base !== undefined)
      complain(`${name} has an image: base is for with`);
  });
const listSchema = z
  .array(entrySchema)
  .max(maxProfiles)
  .superRefine((entries, context) => {
    const seen = new Set<string>();
    for (const { name } of entries) {
      if (seen.has(name))
        context.addIssue({ code: 'custom', message: `${name} stands there twice` });
      seen.add(name);
    }
  });

type Entry = z.infer<typeof entrySchema>;

/**
 * `small`, `full`, then those of the list in its order.
 * @throws InvalidInputError `INVALID_CONFIG` naming the entry, its key and what it must be
 */
export function readProfiles({
  profiles,
  profilesFile,
  ...config
}: Config): readonly [ListedProfile, ...ListedProfile[]] {
  const entries = readEntries({ profiles, profilesFile });
  const { image, memoryBytes } = config;
  const limits = { ...defaultLimits, memoryBytes };
  const [small, full] = builtInContents;
  const builtIn = (base: BuiltIn, contents: ProfileContents, own?: typeof given) => {
    const entry = entries.find(({ name }) => name === base) ?? { name: base };
    const usual = { ...builtInProfile(base, limits), ...own };
    return { ...ofEntry(entry, usual), contents, base, packages: [] };
  };
  const given = image === undefined ? {} : { image, remedy: pullIt };
  const ofList = operatorsOwn(entries).map((entry) => ofOperator(entry, limits));
  return [builtIn('small', small, given), builtIn('full', full), ...ofList];
}

export function namesOf(profiles: readonly ListedProfile[]): readonly string[] {
  return profiles.map(({ name }) => name);
}

/**
 * The contents of the profiles that the environment lists, for readers of hook files. The names of
 * their images are left out: to hash the sources of one takes 4 ms.
 */
export function listedContents(config: Config = readConfig()): readonly ProfileContents[] {
  return [...builtInContents, ...operatorsOwn(readEntries(config)).map(contentsOf)];
}

function readEntries({
  profiles,
  profilesFile,
}: Pick<Config, 'profiles' | 'profilesFile'>): readonly Entry[] {
  if (profilesFile !== undefined) return parseEntries(profilesFile, readList(profilesFile));
  return profiles === undefined ? [] : parseEntries('HOOKPOOL_PROFILES', profiles);
}

/** The entries that are no built-in profile with limits of the operator. */
function operatorsOwn(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ name }) => builtInContents.every((one) => one.name !== name));
}

function contentsOf({ name, base, programs = [], modules = [] }: Entry): ProfileContents {
  const of = base === 'full' ? builtInContents[1] : builtInContents[0];
  return {
    name,
    programs: [...of.programs, ...programs],
    modules: [...of.modules, ...modules],
  };
}

function ofOperator(entry: Entry, limits: SandboxLimits): ListedProfile {
  const { name, base = 'small' } = entry;
  const packages = (entry.with ?? []).toSorted();
  const remedy = `Run \`hookpool image --build --profile ${name}\`.`;
  return {
    ...ofEntry(entry, { image: profileImage(name, packages, base), remedy, limits }),
    contents: contentsOf(entry),
    base,
    packages,
  };
}

const pullIt =
  'Pull it or name another one; without HOOKPOOL_IMAGE, `hookpool image --build` makes one.';

function ofEntry(
  { name, image, memoryMib, pids, cpus, scratchMib }: Entry,
  { limits, ...usual }: Omit<Profile, 'name'>,
): Profile {
  return {
    name,
    ...(image === undefined ? usual : { image, remedy: pullIt }),
    limits: {
      ...limits,
      memoryBytes: memoryMib === undefined ? limits.memoryBytes : memoryMib * mib,
      pids: pids ?? limits.pids,
      cpus: cpus ?? limits.cpus,
      scratchBytes: scratchMib === undefined ? limits.scratchBytes : scratchMib * mib,
    },
  };
}

function parseEntries(file: string, text: string): readonly Entry[] {
  const { documents, problems } = SourceDocument.parse(file, text);
  if (problems.length > 0) throw unusable(formatProblems(told(problems)));
  const parsed = listSchema.safeParse(documents[0]?.value ?? []);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const first = issues
    .slice(0, mostIssues)
    .map(({ path, message }) => `${path.join('.') || 'the list'}: ${shortened(message)}`);
  const more = issues.length > mostIssues ? `; and ${issues.length - mostIssues} more` : '';
  throw unusable(`The profiles in ${file} cannot be used. ${first.join('; ')}${more}.`);
}

function readList(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(`Cannot read the profiles in ${file}: ${messageOf(error)}.`);
  }
}

function unusable(message: string): InvalidInputError {
  return new InvalidInputError('INVALID_CONFIG', message);
}
