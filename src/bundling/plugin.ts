/** The folder of a plugin, which is small and goes along as a whole. */
import { pluginManifests } from '../agents/registry.ts';
import { type BundleFile, maxBundleBytes, maxBundleFiles } from '../protocol/bundle.ts';
import { ownPackage } from './own-package.ts';
import { askOnce, type ProjectFiles, readIfGood } from './project-files.ts';

const media = /\.(?:png|jpe?g|gif|svg|webp|ico|mp[34]|mov|wav|pdf|zip|gz|woff2?|ttf)$/i;

/**
 * Adds all files of the plugin, except hidden ones, images and other media, and its python files
 * once more if they import the plugin by the name of its folder.
 * @returns the files as they are where this is no plugin, or where it exceeds the limits of a
 * bundle.
 */
export function withPlugin(
  files: ProjectFiles,
  taken: ReadonlyMap<string, BundleFile>,
  isLeftOut: (path: string) => boolean,
): ReadonlyMap<string, BundleFile> {
  const plugin = askOnce(files, 'plugin', () => pluginFiles(files));
  if (plugin.length === 0) return taken;
  const more = plugin.filter(({ path }) => !taken.has(path) && !isLeftOut(path));
  const whole = withinLimits(taken, more);
  return withinLimits(whole, ownPackage(files, whole.values()));
}

/** @returns the files as they are where those and more would exceed the limits of a bundle. */
function withinLimits(
  taken: ReadonlyMap<string, BundleFile>,
  more: readonly BundleFile[],
): ReadonlyMap<string, BundleFile> {
  const all = [...taken.values(), ...more];
  const bytes = all.reduce((sum, { content }) => sum + content.length, 0);
  if (all.length > maxBundleFiles || bytes > maxBundleBytes) return taken;
  return new Map(all.map((file) => [file.path, file]));
}

function pluginFiles(files: ProjectFiles): BundleFile[] {
  // A link that leads out of the plugin, and a file that is too large, stay out.
  const read = (path: string) => readIfGood(files, path, () => undefined);
  const isPlugin = pluginManifests.some((path) => read(path) !== undefined);
  if (!isPlugin || (files.home !== undefined && files.home === files.folder)) return [];
  const paths = files.list('').filter((path) => !media.test(path));
  const found: BundleFile[] = [];
  let bytes = 0;
  for (const path of paths.length > maxBundleFiles ? [] : paths) {
    const file = read(path);
    if (file !== undefined) found.push(file);
    bytes += file?.content.length ?? 0;
    if (bytes > maxBundleBytes) return [];
  }
  return found;
}
