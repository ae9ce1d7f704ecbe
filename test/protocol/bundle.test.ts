import { describe, expect, it } from 'vitest';
import {
  type BundleFile,
  createBundle,
  foldersOf,
  maxBundleBytes,
} from '../../src/protocol/bundle.ts';

const file = (path: string, text = '', executable = false): BundleFile => ({
  path,
  executable,
  content: Buffer.from(text),
});
const digestOf = (...files: BundleFile[]) => createBundle(files).digest;

describe('a bundle', () => {
  it('has its files by path, whatever their order was', () => {
    const files = [file('b'), file('a/c'), file('a-b')];
    expect(createBundle(files).files.map(({ path }) => path)).toEqual(['a-b', 'a/c', 'b']);
    expect(digestOf(...files)).toBe(digestOf(...files.toReversed()));
  });

  it('has another digest for every other path, mode, content and cut between them', () => {
    const bundles = [
      [file('a', 'x')],
      [file('b', 'x')],
      [file('a', 'y')],
      [file('a', 'x', true)],
      [file('a', 'x'), file('b')],
      [file('a'), file('b', 'x')],
      [file('a', '["b",false,1]\nx')],
      [],
    ];
    expect(new Set(bundles.map((files) => digestOf(...files))).size).toBe(bundles.length);
    expect(digestOf(file('a', 'x'))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('may have 256 files and 1 MiB', () => {
    expect(
      createBundle(Array.from({ length: 256 }, (_, at) => file(`${at}`, 'x'.repeat(4096)))).files,
    ).toHaveLength(256);
  });

  it.each([
    [
      Array.from({ length: 257 }, (_, at) => file(`${at}`)),
      'TOO_LARGE',
      'needs 257 files; 256 are the most',
    ],
    [
      [file('small', 'x'), file('large', 'x'.repeat(maxBundleBytes))],
      'TOO_LARGE',
      'have 1048577 bytes (the largest is large with 1048576)',
    ],
    [[file('a'), file('a')], 'INVALID_SCRIPT', 'a is there twice'],
    [[file('a/b/c'), file('a/b')], 'INVALID_SCRIPT', 'a/b is a file and a folder'],
    [[file('x'.repeat(256))], 'INVALID_SCRIPT', 'is no path inside'],
    [
      [file(`${'x'.repeat(250)}/${'y'.repeat(250)}/${'z'.repeat(20)}`)],
      'INVALID_SCRIPT',
      'too long or too deep',
    ],
    [[file(Array(17).fill('a').join('/'))], 'INVALID_SCRIPT', 'too long or too deep'],
  ])('%# is refused: %s %s', (files, code, message) => {
    expect(() => createBundle(files)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each(['', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', './a', 'a\0b', 'a\ud800'])(
    '%j is no path for a file',
    (path) => {
      expect(() => createBundle([file(path)])).toThrow('is no path inside the project');
    },
  );
});

it('the folders of a file are told from the outermost', () => {
  expect([foldersOf('a/b/c'), foldersOf('a')]).toEqual([['a', 'a/b'], []]);
});
