import { expect, it } from 'vitest';
import { mountsBelow } from '../../../src/sandbox/workspace/mount-table.ts';

const table = [
  '21 1 254:0 / / rw - ext4 /dev/vda rw',
  '94 21 0:39 / /src/app rw - tmpfs none rw',
  '95 21 0:40 / /src/app/in\\040ner\\134 rw - tmpfs none rw',
  '96 21 0:41 / /src/\u00c3\u00bc/x rw - tmpfs none rw',
  '',
].join('\n');

it.each([
  ['/src/app', '/src/app/in ner\\'],
  ['/src', '/src/app'],
  ['/src/ü', '/src/ü/x'],
  ['/src/ap', undefined],
  ['/src/app/in ner\\', undefined],
  ['/other', undefined],
])('below %s: %s', (folder, expected) => {
  expect(mountsBelow(table, folder)).toBe(expected);
});
