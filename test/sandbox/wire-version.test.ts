import { expect, test } from 'vitest';
import { checkVersion, wireVersion } from '../../src/sandbox/wire-version.ts';

const check = (text: string) => () => checkVersion(Buffer.from(text));

test('a READY of the same version is taken, whatever other lines it has', () => {
  expect(check(`version=${wireVersion}\n`)).not.toThrow();
  expect(check(`version=${wireVersion}`)).not.toThrow();
  expect(check(`version=${wireVersion}\nkernel=linux\n`)).not.toThrow();
});

test.each([
  '',
  'version=',
  'version=x\n',
  'version=1x\n',
  'aversion=1\n',
  'version=-1\n',
  `version=${'9'.repeat(4000)}\n`,
])('a READY with %j has no version', (text) => {
  expect(check(text)).toThrow(
    expect.objectContaining({ code: 'IMAGE_MISMATCH', message: expect.stringContaining('(none)') }),
  );
});

test('a READY of another version is refused with both', () => {
  expect(check(`version=${wireVersion + 1}\n`)).toThrow(`speaks version ${wireVersion + 1} `);
  expect(check('version=0\n')).toThrow(`this hookpool version ${wireVersion}:`);
});
