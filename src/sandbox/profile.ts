/** A profile: what a sandbox is made of. The operator lists them; a job only names one. */
import { UnavailableError } from '../errors.ts';
import type { SandboxLimits } from './spec.ts';

export interface Profile {
  readonly name: string;
  /** Name of the image as the engine knows it. */
  readonly image: string;
  readonly limits: SandboxLimits;
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
