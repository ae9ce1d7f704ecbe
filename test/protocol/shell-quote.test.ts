import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellQuoted } from '../../src/protocol/shell-quote.ts';

it('every text is one word for a shell', () => {
  const texts = ['', 'plain-1.sh', "it's", '$HOME `x` "y" \\z', 'a\nb', '*', '~', 'é'];
  const line = `printf '%s\\0' ${texts.map(shellQuoted).join(' ')}`;
  // One shell for all: a process of tests takes 10 ms to start another one.
  const said = execFileSync('sh', ['-c', line]).toString();
  expect(said.split('\0')).toEqual([...texts, '']);
});
