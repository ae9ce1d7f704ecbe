/**
 * The name of the sandbox image: its tag is a hash of sandbox-images/, so a changed supervisor is
 * never run under an old name and an unchanged one is never built twice.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const imageRepository = 'hookpool/sandbox';

/**
 * The folder that holds Dockerfile, supervisor and seccomp profile; beside src/ and dist/ alike.
 */
export const imageFolder = path.resolve(import.meta.dirname, '../../sandbox-images');

/** `hookpool/sandbox:<hash>` for the files in `folder`. */
export function imageName(folder: string = imageFolder): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = files.map((file) => path.relative(folder, path.join(file.parentPath, file.name)));
  for (const name of names.toSorted()) {
    const content = readFileSync(path.join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return `${imageRepository}:${hash.digest('hex').slice(0, 12)}`;
}

/** Returns the seccomp profile as the JSON text that the engine's API requires. */
export function readSeccompProfile(folder: string = imageFolder): string {
  return JSON.stringify(JSON.parse(readFileSync(path.join(folder, 'seccomp.json'), 'utf8')));
}
