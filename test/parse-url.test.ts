import { expect, test } from 'vitest';
import { parseUrl } from '../src/parse-url.ts';

test('an address beyond ASCII is one, however often it is parsed', () => {
  // URL.canParse() of Node 20.20 says no from about the 6,000th call on.
  for (let n = 0; n < 20_000; n++)
    if (parseUrl('https://b\u00fccher.example/')?.host !== 'xn--bcher-kva.example')
      expect.unreachable(`call ${n}`);
  expect(parseUrl('/check')).toBeUndefined();
});
