import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { imagePrograms } from '../../../src/bundling/needs/image.ts';

it('the programs are those of sandbox-images/programs', () => {
  const file = path.join(import.meta.dirname, '../../../sandbox-images/programs');
  expect(imagePrograms).toEqual(readFileSync(file, 'utf8').trim().split('\n'));
});
