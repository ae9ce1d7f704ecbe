import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellQuoted } from '../../src/protocol/shell-quote.ts';

it.each(['', 'plain-1.sh', "it's", '$HOME `x` "y" \\z', 'a\nb', '*', '~', 'é'])(
  '%j is one word for a shell',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuoted(text)}`]).toString()).toBe(text);
  },
);
