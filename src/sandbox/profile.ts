/** A profile: what a sandbox is made of. The operator lists them; a job only names one. */
import { UnavailableError } from '../errors.ts';
import { type BuiltIn, imageFolder, imageName } from './image.ts';
import { defaultLimits, type SandboxLimits } from './spec.ts';

export interface Profile {
  readonly name: string;
  /** Name of the image as the engine knows it. */
  readonly image: string;
  readonly limits: SandboxLimits;
  /** How the image gets onto an engine, as a sentence. */
  readonly remedy?: string | undefined;
}

/** A built-in profile as it is without an operator's list. */
export function builtInProfile(name: BuiltIn, limits: SandboxLimits = defaultLimits): Profile {
  return { name, image: imageName(imageFolder, name), limits, remedy: builtInRemedy(name) };
}

/** A command that the npm package has, as a checkout does: `make image` is of a checkout alone. */
export function builtInRemedy(name: BuiltIn): string {
  return `Run \`hookpool image --build${name === 'small' ? '' : ` --profile ${name}`}\`.`;
}

/** @throws the error; `IMAGE_MISSING` names the profile and its remedy */
export function failedCreation({ name, image, remedy = '' }: Profile, error: unknown): never {
  if (!(error instanceof UnavailableError) || error.code !== 'IMAGE_MISSING') throw error;
  const message = `The image ${image} of the profile ${name} is not on this engine. ${remedy}`;
  throw new UnavailableError('IMAGE_MISSING', message.trim(), { cause: error });
}

/** @throws UnavailableError `PROFILE_MISSING`, which another worker may be able to serve */
export function findProfile(profiles: readonly Profile[], name: string): Profile {
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const known = profiles.map((profile) => profile.name).join(', ');
  throw new UnavailableError(
    'PROFILE_MISSING',
    `The profile ${name} is not in the list of this worker, which has ${known}: add it to HOOKPOOL_PROFILES.`,
  );
}
