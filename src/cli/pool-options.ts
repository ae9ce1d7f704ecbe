/**
 * Derives a pool's options from the settings, in one place: every command, and the engine proxy
 * that checks them, must agree on the container spec.
 */
import type { Config } from '../config.ts';
import type { SandboxLimits } from '../sandbox/spec.ts';
import { type ListedProfile, readProfiles } from './profiles/read-profiles.ts';

export interface ConfiguredPool {
  /** Image and limits of the default profile. */
  readonly image: string;
  readonly limits: SandboxLimits;
  /** All profiles, the default one first. */
  readonly profiles: readonly [ListedProfile, ...ListedProfile[]];
  readonly ociRuntime: string | undefined;
  readonly warm: number;
  readonly max: number;
}

/** @throws InvalidInputError `INVALID_CONFIG` for a list of profiles that cannot be used */
export function poolOptions(config: Config): ConfiguredPool {
  const { ociRuntime, warm, max } = config;
  const profiles = readProfiles(config);
  const [{ image, limits }] = profiles;
  return { image, limits, profiles, ociRuntime, warm, max };
}
