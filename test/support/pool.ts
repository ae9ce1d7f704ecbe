/**
 * A pool with the real engine that the environment configures. A test that needs it fails if it is
 * missing.
 */
import { readConfig } from '../../src/config.ts';
import { type OpenPoolOptions, openPool } from '../../src/sandbox/open-pool.ts';
import type { Pool } from '../../src/sandbox/pool.ts';

export function testPool(options: OpenPoolOptions = {}): Pool {
  const { image, ociRuntime } = readConfig();
  return openPool({ image, ociRuntime, warm: 0, max: 4, ...options });
}
