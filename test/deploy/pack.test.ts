/** The packages of the native bridge: which compilers make them. The tarballs: integration/package.test.ts. */
import { expect, test } from 'vitest';
import { targetsOf } from '../../deploy/package/pack.ts';

test('the own compiler of a machine is tried before one for other machines', () => {
  const cross = { x64: 'x86_64-linux-gnu-gcc', arm64: 'aarch64-linux-gnu-gcc' };
  expect(targetsOf('x64')).toEqual([
    { arch: 'x64', compilers: ['cc', cross.x64] },
    { arch: 'arm64', compilers: [cross.arm64] },
  ]);
  expect(targetsOf('arm64')).toEqual([
    { arch: 'x64', compilers: [cross.x64] },
    { arch: 'arm64', compilers: ['cc', cross.arm64] },
  ]);
  expect(targetsOf('riscv64').map(({ compilers }) => compilers.length)).toEqual([1, 1]);
});
