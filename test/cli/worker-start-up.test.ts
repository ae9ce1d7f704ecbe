/** A worker that starts while agents wait loads what it needs to take jobs. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { loaded } from '../support/loaded.ts';

test('a worker loads the HTTP server only where it listens', () => {
  const all = loaded(path.join(import.meta.dirname, '../../src/cli/sandbox-worker.ts'));
  expect(all).toContain('bullmq');
  expect(all).not.toContain('fastify');
});
