/** The image of a profile that is the sandbox image with more Debian packages. */
import { createHash } from 'node:crypto';
import { imageName } from '../../sandbox/image.ts';

/** Debian's grammar of a package's name. */
export const packagePattern = /^[a-z0-9][a-z0-9+.-]{1,99}$/;
export const maxPackages = 100;

/**
 * `hookpool/profile-NAME:HASH`: the hash changes with the sources of the sandbox image, the name
 * and the packages. A repository takes fewer characters than the name of a profile.
 */
export function profileImage(name: string, packages: readonly string[]): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const hash = createHash('sha256').update(JSON.stringify([imageName(), name, packages]));
  return `hookpool/profile-${plain}:${hash.digest('hex').slice(0, 12)}`;
}
