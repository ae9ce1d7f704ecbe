/** Fails the file whose tests leave a container behind. */
import { afterAll, expect } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { lastingLeftovers } from './own-sandboxes.ts';

afterAll(async () => {
  expect(await lastingLeftovers(new Engine()), 'containers were left behind').toEqual([]);
});
