/** The files that go along with a hook, and those of them that it comes to run. */
import type { BundleFile } from '../protocol/bundle.ts';
import { withEntered } from './entered-folders.ts';
import { withMentioned } from './mentioned.ts';
import { withNode } from './node-start.ts';
import { withPlugin } from './plugin.ts';
import type { ProjectFiles } from './project-files.ts';
import { withoutUv } from './uv.ts';

export interface Along {
  readonly taken: ReadonlyMap<string, BundleFile>;
  /** Files that the hook may come to run or read; not the rest of a plugin. */
  readonly reached: ReadonlyMap<string, BundleFile>;
}

export const nothingAlong: Along = { taken: new Map(), reached: new Map() };

/**
 * @param named paths of files that exist.
 * @param read files that the command reads by computed names; they stay out beyond the limits.
 * @param entered folders that the command starts in or changes into.
 */
export function filesAlong(
  files: ProjectFiles,
  named: readonly string[],
  isLeftOut: (path: string) => boolean,
  read: readonly string[] = [],
  entered: Iterable<string> = [],
): { readonly along: Along; readonly warnings: readonly string[] } {
  const { taken: some, reached, problems } = withMentioned(files, named, isLeftOut, read);
  const plugin = some.size === 0 ? some : withPlugin(files, some, isLeftOut);
  const all = withEntered(files, plugin, entered, isLeftOut);
  const taken = new Map([...all].map(([path, file]) => [path, withNode(withoutUv(file))]));
  return { along: { taken, reached }, warnings: problems };
}
