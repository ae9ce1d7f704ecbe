import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fullPrograms, imagePrograms } from '../../../src/bundling/needs/image.ts';

const list = (name: string) =>
  readFileSync(path.join(import.meta.dirname, '../../../sandbox-images', name), 'utf8')
    .trim()
    .split('\n');

it('the programs are those of sandbox-images/programs', () => {
  expect(imagePrograms).toEqual(list('programs'));
});

it('the programs of full are those of small and more, as sandbox-images/programs-full lists them', () => {
  expect([...imagePrograms, ...fullPrograms].toSorted()).toEqual(list('programs-full').toSorted());
});
