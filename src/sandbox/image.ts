/**
 * The names of the sandbox images: their tag is a hash of sandbox-images/, so a changed supervisor
 * is never run under an old name and an unchanged one is never built twice.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** `small` is the image that hooks run in; `full` has Node.js and more programs. */
const builtInImages = { small: 'hookpool/sandbox', full: 'hookpool/sandbox-full' } as const;
export type BuiltIn = keyof typeof builtInImages;

/**
 * The folder that holds Dockerfile, supervisor and seccomp profile; beside src/ and dist/ alike.
 */
export const imageFolder = path.resolve(import.meta.dirname, '../../sandbox-images');

/** `hookpool/sandbox:<hash>` for the files in `folder`. */
export function imageName(folder: string = imageFolder, profile: BuiltIn = 'small'): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = files.map((file) => path.relative(folder, path.join(file.parentPath, file.name)));
  for (const name of names.toSorted()) {
    const content = readFileSync(path.join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return `${builtInImages[profile]}:${hash.digest('hex').slice(0, 12)}`;
}

/** Returns the seccomp profile as the JSON text that the engine's API requires. */
export function readSeccompProfile(folder: string = imageFolder): string {
  return JSON.stringify(JSON.parse(readFileSync(path.join(folder, 'seccomp.json'), 'utf8')));
}
