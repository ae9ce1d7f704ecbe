/** `hookpool image`: names, lists and builds the images of the profiles. */
import { readConfig } from '../config.ts';
import { InvalidInputError } from '../errors.ts';
import { plainJson } from '../plain-text.ts';
import { defaultProfile } from '../protocol/sandbox-kind.ts';
import { Engine } from '../sandbox/engine.ts';
import { imageName } from '../sandbox/image.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { poolOptions } from './pool-options.ts';
import { buildImage, imageToBuild, readPackages } from './profiles/build-image.ts';
import { entryOf } from './profiles/profile-entry.ts';
import { table } from './table.ts';

const usage = `hookpool image [--list [--json] | --build [--profile NAME [--with PACKAGE,... [--base PROFILE]]]]

Without options: prints the name of the sandbox image that this version runs.

  --list               the profiles with their images, and whether these are on this engine
  --json               the list as JSON
  --build              builds the image of a profile, unless the engine has it; progress on stderr
  --profile NAME       small (default), full, or one of HOOKPOOL_PROFILES
  --with PACKAGE,...   a new profile: an image with these Debian packages; prints its entry
                       for HOOKPOOL_PROFILES_FILE
  --base PROFILE       of a new profile: small (default) or full, with whose image it begins

Exit code: 0; 64 bad usage; 75 no engine, or something is missing that a build needs.
`;

export const imageCommand: Command = {
  usage,
  options: {
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    build: { type: 'boolean' },
    profile: { type: 'string' },
    with: { type: 'string' },
    base: { type: 'string' },
  },
  run: async (args, io) => {
    args.noPositionals();
    if (args.flag('build')) return build(args, io);
    if (['profile', 'with', 'base'].some((name) => args.text(name) !== undefined))
      throw new InvalidInputError('INVALID_USAGE', '--profile, --with and --base are for --build.');
    if (args.flag('list')) return list(args, io);
    io.out(`${imageName()}\n`);
    return exitCodes.ok;
  },
};

async function list(args: Arguments, io: Io): Promise<number> {
  const engine = new Engine();
  const { profiles } = poolOptions(readConfig());
  const rows = await Promise.all(
    profiles.map(async ({ name, image }) => {
      const found = await engine.image(image);
      return { name, image, isPresent: found !== undefined, sizeBytes: found?.sizeBytes ?? null };
    }),
  );
  if (args.flag('json')) io.out(`${plainJson(JSON.stringify(rows))}\n`);
  else {
    const cells = rows.map(({ name, image, isPresent, sizeBytes }) => [
      name,
      isPresent ? 'yes' : 'no',
      sizeBytes === null ? '-' : `${Math.round(sizeBytes / 1e6)} MB`,
      image,
    ]);
    io.out(table([['PROFILE', 'PRESENT', 'SIZE', 'IMAGE'], ...cells], Infinity));
  }
  return exitCodes.ok;
}

async function build(args: Arguments, io: Io): Promise<number> {
  const config = readConfig();
  const name = args.text('profile') ?? defaultProfile;
  const packages = readPackages(args.text('with'));
  const { profiles } = poolOptions(config);
  const wanted = imageToBuild(profiles, name, packages, args.text('base'));
  const code = await buildImage(wanted, io);
  if (code !== exitCodes.ok) return code;
  if (packages === undefined) io.out(`${wanted.image}\n`);
  else io.out(`${plainJson(JSON.stringify([await entryOf(wanted, config)], null, 2))}\n`);
  return exitCodes.ok;
}
