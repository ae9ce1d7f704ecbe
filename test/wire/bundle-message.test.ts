import { expect, it } from 'vitest';
import { createBundle } from '../../src/protocol/bundle.ts';
import {
  bundleSchema,
  parseBundleMessage,
  toBundleMessage,
} from '../../src/wire/bundle-message.ts';

const whole = Buffer.from('before\0\u00ffafter');
const bundle = createBundle([
  { path: 'b/x.sh', executable: true, content: Buffer.from('exit 2') },
  // A part of a larger buffer, as what comes from the network is.
  { path: 'a', executable: false, content: whole.subarray(6, 9) },
]);

it('a bundle comes back as it was sent, with a digest made anew', () => {
  const message = bundleSchema.parse(JSON.parse(JSON.stringify(toBundleMessage(bundle))));
  expect(message).toEqual([
    { path: 'a', executable: false, contentBase64: 'AMO/' },
    { path: 'b/x.sh', executable: true, contentBase64: 'ZXhpdCAy' },
  ]);
  expect(parseBundleMessage(message)).toEqual(bundle);
});

it.each([
  [[], 'Too small'],
  [Array(257).fill({ path: 'a', executable: false, contentBase64: '' }), 'Too big'],
  [[{ path: '', executable: false, contentBase64: '' }], 'Too small'],
  [[{ path: 'a', contentBase64: '' }], 'expected boolean'],
  [[{ path: 'a', executable: false, contentBase64: '-' }], 'Invalid base64'],
  [[{ path: 'a', executable: false, contentBase64: '', mode: 511 }], 'Unrecognized key'],
])('%# is no bundle: %s', (message, problem) => {
  expect(bundleSchema.safeParse(message).error?.message).toContain(problem);
});

it('paths are checked again', () => {
  expect(() =>
    parseBundleMessage([{ path: '../a', executable: false, contentBase64: '' }]),
  ).toThrow('is no path inside');
});
