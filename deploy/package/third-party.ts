/** Which packages a bundle has, and their licences. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from './bundle.ts';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Folder below the root of the checkout. */
  readonly folder: string;
}

/** The files of which at least one byte is in an output. */
export function filesIn({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file);
}

/**
 * The packages of the files, by name and version.
 * @param files paths below the root of the checkout
 */
export function packagesIn(files: readonly string[]): readonly BundledPackage[] {
  const folders = new Set(files.flatMap((file) => folderOf(file) ?? []));
  return [...folders]
    .map(described)
    .toSorted((one, other) => order(one).localeCompare(order(other)));
}

/** The texts that the licences of the packages demand to go along. */
export function thirdParty(packages: readonly BundledPackage[]): string {
  const parts = packages.map(
    ({ folder, ...one }) => `## ${order(one)} (${one.license})\n\n${licenceText(folder)}\n`,
  );
  return `# Packages in dist/\n\ndist/ has the code of these packages. Each comes with its licence.\n\n${parts.join('\n')}`;
}

const order = ({ name, version }: Pick<BundledPackage, 'name' | 'version'>) => `${name} ${version}`;

function folderOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function described(folder: string): BundledPackage {
  const text = readFileSync(path.join(root, folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text) as BundledPackage;
  return { name, version, license, folder };
}

function licenceText(folder: string): string {
  const files = readdirSync(path.join(root, folder)).filter((name) =>
    /^(licen[cs]e|notice)/i.test(name),
  );
  if (files.length === 0) return 'The package has no file with the text of its licence.';
  const read = (name: string) => readFileSync(path.join(root, folder, name), 'utf8').trim();
  return files.toSorted().map(read).join('\n\n');
}
