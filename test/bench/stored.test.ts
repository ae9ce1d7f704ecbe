import { expect, test } from 'vitest';
import { readBlock, replaceBlock } from '../../bench/stored.ts';

const page =
  'before\n<!-- speed: npm run bench writes this -->\nold\n<!-- end of speed -->\nafter\n';

test('a block is replaced, and nothing around it', () => {
  const changed = replaceBlock(page, 'speed', 'new');
  expect(readBlock(changed, 'speed')).toBe('new');
  expect(changed).toMatch(/^before\n/);
  expect(changed).toMatch(/\nafter\n$/);
  expect(replaceBlock(changed, 'speed', 'new')).toBe(changed);
});

test('a page without the block is refused', () => {
  expect(() => replaceBlock(page, 'size', 'new')).toThrow('has no block');
});
