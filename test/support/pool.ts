/** The real thing, as the environment configures it. A test that needs it fails loudly where it is missing. */
import { readConfig } from '../../src/config.ts';
import { type OpenPoolOptions, openPool } from '../../src/sandbox/open-pool.ts';
import type { Pool } from '../../src/sandbox/pool.ts';

export function testPool(options: OpenPoolOptions = {}): Pool {
  const { image, ociRuntime } = readConfig();
  return openPool({ image, ociRuntime, warm: 0, max: 4, ...options });
}
