import { expect, test } from 'vitest';
import { poolOptions } from '../../src/cli/pool-options.ts';
import { readConfig } from '../../src/config.ts';
import { imageName } from '../../src/sandbox/image.ts';
import { defaultLimits } from '../../src/sandbox/spec.ts';

test('a pool is what the environment says', () => {
  const env = {
    HOOKPOOL_IMAGE: 'mine:1',
    HOOKPOOL_OCI_RUNTIME: 'runsc',
    HOOKPOOL_MEMORY_MIB: '512',
    HOOKPOOL_WARM: '3',
    HOOKPOOL_MAX: '9',
  };
  expect(poolOptions(readConfig(env))).toMatchObject({
    profiles: [{ name: 'small', image: 'mine:1' }, { name: 'full' }],
    image: 'mine:1',
    ociRuntime: 'runsc',
    limits: { ...defaultLimits, memoryBytes: 512 << 20 },
    warm: 3,
    max: 9,
  });
});

test('a pool without settings has the image of this version and the default limits', () => {
  expect(poolOptions(readConfig({}))).toMatchObject({
    image: imageName(),
    ociRuntime: undefined,
    limits: defaultLimits,
  });
});
