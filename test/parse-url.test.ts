import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseUrl } from '../src/parse-url.ts';

test('an address beyond ASCII is one, however often it is parsed', () => {
  // URL.canParse() of Node 20.20 says no from about the 6,000th call on.
  for (let n = 0; n < 20_000; n++)
    if (parseUrl('https://bücher.example/')?.host !== 'xn--bcher-kva.example')
      expect.unreachable(`call ${n}`);
  expect(parseUrl('/check')).toBeUndefined();
});

test('no module asks URL.canParse() itself', () => {
  const src = path.join(import.meta.dirname, '../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  const asking = files.filter(
    (file) =>
      file.endsWith('.ts') &&
      file !== 'parse-url.ts' &&
      readFileSync(path.join(src, file), 'utf8').includes('URL.canParse'),
  );
  expect(asking).toEqual([]);
});
