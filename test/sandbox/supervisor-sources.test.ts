/** The parts of the supervisor: each X.c with its X.h, and what they include of the others. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { imageFolder } from '../../src/sandbox/image.ts';

const folder = path.join(imageFolder, 'supervisor');
const files = readdirSync(folder).filter((file) => /\.[ch]$/.test(file));
const partOf = (file: string) => file.replace(/\.[ch]$/, '');
const parts = [...new Set(files.map(partOf))];

/**
 * Parts whose headers a part includes. A function is declared in its part's header alone, so these
 * are the calls too.
 */
function includedBy(part: string): string[] {
  const texts = files
    .filter((file) => partOf(file) === part)
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/^#include "(.+)"$/gm)].map((match) => partOf(match[1] ?? '')),
  );
  return [...new Set(names)].filter((name) => name !== part);
}

test('no part includes one that needs it itself, through others or at once', () => {
  let left = parts;
  for (let before = left.length + 1; left.length < before; ) {
    before = left.length;
    left = left.filter((part) => includedBy(part).some((name) => left.includes(name)));
  }
  expect(left).toEqual([]);
});

test('each part that has a header includes it first, so that the header needs no other', () => {
  // The zygote's header is what it and spare.c say to each other; Python.h must come first in
  // zygote.c.
  const sources = files.filter(
    (file) => file.endsWith('.c') && file !== 'zygote.c' && files.includes(`${partOf(file)}.h`),
  );
  const first = sources.map(
    (file) => /^#include ["<](.+)[">]$/m.exec(readFileSync(path.join(folder, file), 'utf8'))?.[1],
  );
  expect(first).toEqual(sources.map((file) => `${partOf(file)}.h`));
});

test('compile.sh builds each source', () => {
  const script = readFileSync(path.join(folder, 'compile.sh'), 'utf8');
  const listed = new Set(script.match(/\b[a-z_]+\.c\b/g));
  expect([...listed].toSorted()).toEqual(files.filter((file) => file.endsWith('.c')).toSorted());
});
