/** Builds the console for browsers into dist/console. */
import path from 'node:path';
import { build } from 'vite';
import { root } from './bundle.ts';

/** @returns the files of the console's modules, those of packages too. */
export async function buildConsole(): Promise<readonly string[]> {
  const built = await build({ configFile: path.join(root, 'src/console/vite.config.ts') });
  const outputs = 'output' in built ? [built] : Array.isArray(built) ? built : [];
  return outputs
    .flatMap(({ output }) => output)
    .flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
    .map((file) => path.relative(root, file));
}
