/** Script files that `uv run` starts. Without dependencies they are python3 scripts like others. */
import type { BundleFile } from '../protocol/bundle.ts';
import { textOf } from './language.ts';
import { fullModules } from './needs/image.ts';

export interface UvScript {
  /** The script file and its arguments. */
  readonly words: readonly string[];
  /** Packages of `--with`. */
  readonly packages: readonly string[];
}

/** Options that take the next word. */
const valued = /^(?:--(?:with|python|project|directory|env-file|extra|group|index|index-url)|-p)$/;

/**
 * @param given the words after `uv`.
 * @returns undefined where no script file is started.
 */
export function uvScript(given: readonly string[]): UvScript | undefined {
  if (given[0] !== 'run') return undefined;
  const packages: string[] = [];
  let at = 1;
  for (let word = given[at]; word?.startsWith('-'); word = given[at]) {
    if (word === '--with') packages.push(given[at + 1] ?? '');
    at += valued.test(word) ? 2 : 1;
  }
  if (/^python3?$/.test(given[at] ?? '')) at++;
  const file = given[at] ?? '';
  return file.endsWith('.py') ? { words: given.slice(at), packages } : undefined;
}

/** Modules whose package has another name. */
const packageNames: Readonly<Record<string, string>> = { dotenv: 'python-dotenv', yaml: 'pyyaml' };

/** Packages of the image `full`; without them in its image, the script says which module it misses. */
const inFull = new Set(fullModules.map((name) => packageNames[name] ?? name.replaceAll('_', '-')));

const uvLine = /^#![^\n]*\buv run\b[^\n]*/;

/** Whether the first line of a file starts uv. */
export function isUv(file: BundleFile): boolean {
  return firstLine(file) !== '';
}

function firstLine({ content }: BundleFile): string {
  return uvLine.exec(Buffer.from(content.subarray(0, 256)).toString('latin1'))?.[0] ?? '';
}

/** A file that uv would start by its first line, with python3 in its place. */
export function withoutUv(file: BundleFile): BundleFile {
  const { length } = firstLine(file);
  if (length === 0) return file;
  const rest = file.content.subarray(length);
  return { ...file, content: Buffer.concat([Buffer.from('#!/usr/bin/env python3'), rest]) };
}

/**
 * @param more packages beside those that the file lists.
 * @returns the packages that no sandbox image has, as a sentence.
 */
export function packagesProblem(
  word: string,
  file: BundleFile | undefined,
  more: readonly string[] = [],
): string | undefined {
  const all = [...more, ...(file === undefined ? [] : packagesOf(file))];
  const packages = all.filter((name) => !inFull.has(name.toLowerCase().replaceAll('_', '-')));
  if (packages.length === 0) return undefined;
  const what = packages.length === 1 ? 'package' : 'packages';
  return `${word} needs the python ${what} ${packages.slice(0, 20).join(', ')}, which the sandbox's image does not have.`;
}

/** The `dependencies` of the block `# /// script` (PEP 723), by their names. */
function packagesOf({ content }: BundleFile): string[] {
  const lines = (textOf(content) ?? '').split('\n');
  const start = lines.findIndex((line) => /^# \/\/\/ script\s*$/.test(line));
  const after = start === -1 ? [] : lines.slice(start + 1);
  const end = after.findIndex((line) => /^# \/\/\/\s*$/.test(line));
  const block = after.slice(0, Math.max(0, end)).map((line) => line.slice(1));
  const [, list = ''] = /^\s*dependencies\s*=\s*\[([^\]]*)/m.exec(block.join('\n')) ?? [];
  return [...list.matchAll(/["']\s*([\w.-]+)/g)].map(([, name]) => String(name));
}
