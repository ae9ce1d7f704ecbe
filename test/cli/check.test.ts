import path from 'node:path';
import { expect, it } from 'vitest';
import { loaded } from '../support/loaded.ts';

const cli = path.join(import.meta.dirname, '../../src/cli');

it('what needs no sandbox is checked without the Docker client', () => {
  const check = loaded(path.join(cli, 'check.ts'));
  expect([check.has('yaml'), check.has('dockerode')]).toEqual([true, false]);
  expect(loaded(path.join(cli, 'syntax-in-sandbox.ts')).has('dockerode')).toBe(true);
});
