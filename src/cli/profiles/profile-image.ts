/** The image of a profile that is a built-in image with more Debian packages. */
import { createHash } from 'node:crypto';
import { type BuiltIn, imageFolder, imageName } from '../../sandbox/image.ts';

/** Debian's grammar of a package's name. */
export const packagePattern = /^[a-z0-9][a-z0-9+.-]{1,99}$/;
export const maxPackages = 100;

/**
 * `hookpool/profile-NAME:HASH`: the hash changes with the sources of the sandbox images, the base,
 * the name and the packages. A repository takes fewer characters than the name of a profile.
 */
export function profileImage(
  name: string,
  packages: readonly string[],
  base: BuiltIn = 'small',
): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const hash = createHash('sha256').update(
    JSON.stringify([imageName(imageFolder, base), name, packages]),
  );
  return `hookpool/profile-${plain}:${hash.digest('hex').slice(0, 12)}`;
}
