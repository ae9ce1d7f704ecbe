/**
 * Plugins whose python files import each other by the name of the plugin's folder: they put the
 * folder above it on `sys.path`, which a sandbox does not have.
 */
import type { BundleFile } from '../protocol/bundle.ts';
import { nameOf } from './inside.ts';
import { textOf } from './language.ts';
import { importsIn, pythonCode } from './needs/python-text.ts';
import { askOnce, type ProjectFiles } from './project-files.ts';

/**
 * The python files of a plugin as those of a package inside of it, if one of them imports the name
 * of the plugin's folder and nothing in the plugin has that name.
 * @param taken the files that go along.
 */
export function ownPackage(
  files: ProjectFiles,
  taken: Iterable<BundleFile>,
): readonly BundleFile[] {
  const name = nameOf(files.folder ?? '');
  const all = [...taken];
  const isImporting = (file: BundleFile) =>
    askOnce(files, `imports the plugin ${file.path}`, () => imports(file, name));
  const isThere = all.some(({ path }) => path === `${name}.py` || path.startsWith(`${name}/`));
  if (isThere || !all.some((file) => isImporting(file))) return [];
  const modules = all.filter(({ path }) => path.endsWith('.py'));
  return modules.map((file) => ({ ...file, path: `${name}/${file.path}` }));
}

function imports({ path, content }: BundleFile, name: string): boolean {
  const text = path.endsWith('.py') && name !== '' ? textOf(content) : undefined;
  if (text?.includes(name) !== true) return false;
  return importsIn(pythonCode(text)).some(({ module }) => module === name);
}
