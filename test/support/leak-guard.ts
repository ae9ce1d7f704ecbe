/** Fails the file whose tests leave a container behind; waits for removals that are still under way. */
import { afterAll, expect } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { sandboxLabel } from '../../src/sandbox/spec.ts';

const graceMs = 5_000;

afterAll(async () => {
  const engine = new Engine();
  const until = performance.now() + graceMs;
  let left = await engine.list(`${sandboxLabel}=1`);
  while (left.length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = await engine.list(`${sandboxLabel}=1`);
  }
  expect(left, 'containers were left behind').toEqual([]);
});
