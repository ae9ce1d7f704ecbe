import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replaceLoneSurrogates } from '../../src/protocol/surrogates.ts';
import { bytes } from './samples.ts';

function repaired(text: string): [string, number] {
  const { bytes: after, replaced } = replaceLoneSurrogates(bytes(text), text);
  return [new TextDecoder().decode(after), replaced];
}

it.each([
  ['a high half', '["\\ud83d"]', '["\\ufffd"]', 1],
  ['a low half', '["\\ude00"]', '["\\ufffd"]', 1],
  ['a high half in capitals', '["\\uD83D"]', '["\\ufffd"]', 1],
  ['a high half before a letter', '["\\ud83dx"]', '["\\ufffdx"]', 1],
  ['a high half before another escape', '["\\ud83d\\u0041"]', '["\\ufffd\\u0041"]', 1],
  ['two high halves before a low one', '["\\ud83d\\ud83d\\ude00"]', '["\\ufffd\\ud83d\\ude00"]', 1],
  ['the halves in the wrong order', '["\\ude00\\ud83d"]', '["\\ufffd\\ufffd"]', 2],
  ['a name of a member', '{"\\udc00":1}', '{"\\ufffd":1}', 1],
  ['a half behind bytes of other widths', '["é😀\\ud83d"]', '["é😀\\ufffd"]', 1],
  ['a half behind an escaped backslash', '["\\\\\\ud83d"]', '["\\\\\\ufffd"]', 1],
  ['a low half behind the text of a high one', '["\\\\ud83d\\ude00"]', '["\\\\ud83d\\ufffd"]', 1],
  ['a pair', '["\\ud83d\\ude00"]', '["\\ud83d\\ude00"]', 0],
  ['the text of an escape', '["\\\\ud83d"]', '["\\\\ud83d"]', 0],
  ['other escapes', '["\\n\\u00e9\\ud7ff"]', '["\\n\\u00e9\\ud7ff"]', 0],
])('%s: only a lone half is replaced', (_, text, expected, count) => {
  expect(repaired(text)).toEqual([expected, count]);
});

it('a byte order mark and the bytes of a text without lone halves stay as they are', () => {
  const plain = bytes('\ufeff["\\ud83d\\ude00"]');
  expect(replaceLoneSurrogates(plain, '["\\ud83d\\ude00"]').bytes).toBe(plain);
  const half = bytes('\ufeff["\\ud83d"]');
  expect([...replaceLoneSurrogates(half, '["\\ud83d"]').bytes.subarray(0, 3)]).toEqual([
    0xef, 0xbb, 0xbf,
  ]);
});

it('the given bytes are not changed', () => {
  const given = bytes('["\\ud83d"]');
  const before = [...given];
  replaceLoneSurrogates(given, '["\\ud83d"]');
  expect([...given]).toEqual(before);
});

it('any text becomes what its well-formed value is', () => {
  const unit = fc.constantFrom('\ud83d', '\ude00', '\\', 'u', 'd83d', '"', 'é', '😀');
  const text = fc.array(unit, { maxLength: 12 }).map((units) => units.join(''));
  fc.assert(
    fc.property(text, (value) => {
      const wellFormed = value.replaceAll(/\p{Surrogate}/gu, '\ufffd');
      expect(JSON.parse(repaired(JSON.stringify([value]))[0])).toEqual([wellFormed]);
    }),
    { seed: 20_261_129, numRuns: 500 },
  );
});

const hasJq = spawnSync('jq', ['--version']).status === 0;

it.skipIf(!hasJq)('jq reads what was repaired', () => {
  const [text] = repaired('{"command":"rm -rf /srv","description":"clean up \\ud83d"}');
  expect(spawnSync('jq', ['-r', '.command'], { input: text }).stdout.toString()).toBe(
    'rm -rf /srv\n',
  );
});
