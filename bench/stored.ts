/**
 * The numbers that --write stores in docs/benchmarks/ as JSON, from which the pages are generated.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Felt } from './felt/results.ts';
import type { Scale } from './scale/results.ts';
import type { SideBySide } from './side-by-side/results.ts';
import type { Soak } from './soak.ts';
import type { Types } from './types/results.ts';

const root = path.join(import.meta.dirname, '..');
export const folder = path.join(root, 'docs/benchmarks');

interface Stored {
  'side-by-side': SideBySide;
  soak: Soak;
  scale: Scale;
  types: Types;
  felt: Felt;
}

/** @returns null if the file was never written. */
export function readStored<Name extends keyof Stored>(name: Name): Stored[Name] | null {
  const file = path.join(folder, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stored[Name]) : null;
}

export function writeStored<Name extends keyof Stored>(name: Name, value: Stored[Name]): void {
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`);
}

/** `place` is a path from the root of the repository. */
export function writeText(place: string, text: string): void {
  writeFileSync(path.join(root, place), text);
}

/** Replaces the text between the two comments with this name by `content`. */
export function writeBlock(place: string, name: string, content: string): void {
  writeText(place, replaceBlock(readFileSync(path.join(root, place), 'utf8'), name, content));
}

/** @throws Error when the page has no such block. */
export function replaceBlock(page: string, name: string, content: string): string {
  const [begin, end] = blockEnds(name);
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no block ${begin} ... ${end}.`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

/** The text between the two comments with this name. */
export function readBlock(page: string, name: string): string {
  const [begin, end] = blockEnds(name);
  return page.slice(page.indexOf(begin) + begin.length, page.indexOf(end)).trim();
}

function blockEnds(name: string): readonly [string, string] {
  return [`<!-- ${name}: npm run bench writes this -->`, `<!-- end of ${name} -->`];
}
