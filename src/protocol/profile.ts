/** What a profile's image has, as far as hooks can need it. */
import { defaultProfile } from './sandbox-kind.ts';

export interface ProfileContents {
  readonly name: string;
  /** Names of programs beside those of the default profile. */
  readonly programs: readonly string[];
  /** Names of python modules beside those of the default profile. */
  readonly modules: readonly string[];
}

export const defaultContents: ProfileContents = { name: defaultProfile, programs: [], modules: [] };
