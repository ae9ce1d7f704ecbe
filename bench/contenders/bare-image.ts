/**
 * A bare start with the programs of the image `full`: the very files that a sandbox runs, without a
 * sandbox. The image's own loader starts them, because chroot would be a further program to start.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchContext, Guard } from '../guards.ts';
import { outputOf, runChild } from './child.ts';
import { type Contender, NotHere, type Surroundings } from './contender.ts';

const programs = ['bash', 'jq', 'node'] as const;

export async function openBareImage(around: Surroundings): Promise<Contender> {
  return { name: 'bare spawn (image)', call: await imageRunner(around) };
}

/** What the programs of the image run. */
type ImageScript = Pick<Guard, 'hookset' | 'script'> & { readonly interpreter: string };

/** @throws NotHere without the image. */
export async function imageRunner({
  fullImage,
  folder,
}: Surroundings): Promise<(guard: ImageScript, context: BenchContext) => Promise<void>> {
  const copy = path.join(folder, 'image');
  const bin = path.join(copy, 'bin');
  await mkdir(bin, { recursive: true });
  await copyFrom(fullImage, [...programs.map((name) => `/usr/bin/${name}`)], bin);
  await copyFrom(fullImage, ['/usr/lib'], copy);
  const libraries = path.join(copy, 'lib', await only(path.join(copy, 'lib'), /-linux-gnu/));
  const loader = path.join(libraries, await only(libraries, /^ld-linux-/));
  const written = new Set<string>();
  // jq is found here, and no program of this machine is.
  const env = { ...process.env, PATH: bin };
  return async ({ hookset, interpreter: name, script }, context) => {
    const file = path.join(copy, hookset);
    if (!written.has(file)) await writeFile(file, script);
    written.add(file);
    const program = path.join(bin, name);
    const args = ['--argv0', name, '--library-path', libraries, program, file];
    return runChild(loader, args, context, { env });
  };
}

/** @throws NotHere when the engine does not have the image, which is never pulled. */
async function copyFrom(image: string, files: readonly string[], to: string): Promise<void> {
  const made = await outputOf('docker', 'create', '--pull', 'never', image);
  const container = made.trim();
  try {
    for (const file of files) await outputOf('docker', 'cp', `${container}:${file}`, to);
  } finally {
    await outputOf('docker', 'rm', container);
  }
}

async function only(folder: string, pattern: RegExp): Promise<string> {
  const found = (await readdir(folder)).find((name) => pattern.test(name));
  if (found === undefined) throw new NotHere(`the image has nothing like ${pattern} in ${folder}`);
  return found;
}
