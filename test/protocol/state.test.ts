import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packProblem, stateLimits } from '../../src/protocol/state.ts';
import { packOf } from '../support/state-packs.ts';

const problem = (...entries: Parameters<typeof packOf>[0]) => packProblem(packOf(entries));
const file = (path: string) => ({ path, content: 'x' });
const nested = (depth: number) =>
  Array.from({ length: depth }, (_, index) => ({
    path: Array(index + 1)
      .fill('d')
      .join('/'),
  }));

it('a state is empty, or entries of which each comes after its folder', () => {
  expect(packProblem(new Uint8Array(0))).toBeUndefined();
  expect(
    problem(file('a'), { path: 'd', mode: 0 }, file('d/ü\n"'), file('.hookpool-state/x'), {
      path: 'd/e',
    }),
  ).toBeUndefined();
});

it('a pack may lie anywhere in its memory', () => {
  const pack = packOf([file('a')]);
  const memory = Buffer.concat([Buffer.alloc(3), pack, Buffer.alloc(5)]);
  expect(packProblem(memory.subarray(3, 3 + pack.length))).toBeUndefined();
});

it.each(['', '.', '..', '/a', 'a/', 'a//b', '../a', 'd/../a', 'd/.', 'a\0b'])(
  'the path %j leads out',
  (path) => {
    expect(problem({ path: 'd' }, { path: 'a', mode: 0o700 }, file(path))).toBe(
      'has a path that leads out',
    );
  },
);

it('a file needs its folder, before it', () => {
  const text = 'has a file without its folder';
  expect(problem(file('d/a'))).toBe(text);
  expect(problem(file('d/a'), { path: 'd' })).toBe(text);
  expect(problem(file('d'), file('d/a'))).toBe(text);
  expect(problem({ path: 'toString' }, file('valueOf/a'))).toBe(text);
});

it('a path is there once, and not that of the folder which every run has', () => {
  expect(problem(file('a'), file('a'))).toBe('has a path twice');
  expect(problem({ path: 'a' }, file('a'))).toBe('has a path twice');
  expect(problem(file('.hookpool-state'))).toBe('has a path twice');
});

it('entries, depth and bytes have limits', () => {
  const { entries, depth, bytes } = stateLimits;
  const many = Array.from({ length: entries }, (_, index) => file(String(index)));
  expect(problem(...many)).toBeUndefined();
  expect(problem(...many, file('x'))).toBe('has too many entries');
  const folders = nested(depth);
  expect(problem(...folders, file(`${folders.at(-1)?.path}/f`))).toBeUndefined();
  expect(problem(...nested(depth + 1))).toBe('is too deep');
  expect(problem({ path: 'a', content: Buffer.alloc(bytes - 17) })).toBeUndefined();
  expect(problem({ path: 'a', content: Buffer.alloc(bytes - 16) })).toBe(`has ${bytes + 1} bytes`);
});

it('numbers that contradict the bytes, each other or the limits are broken entries', () => {
  const good = packOf([file('a')]);
  const broken = 'has a broken entry';
  for (let length = 1; length < good.length; length++)
    expect(packProblem(good.subarray(0, length))).toBe(broken);
  const changed = (offset: number, value: number) => {
    const pack = Buffer.concat([good, Buffer.alloc(5_000)]);
    pack.writeUInt32LE(value, offset);
    return packProblem(pack);
  };
  expect(changed(0, 0o1000)).toBe(broken);
  expect(changed(4, 2)).toBe(broken);
  expect(changed(4, 1)).toBe(broken);
  expect(changed(8, stateLimits.pathBytes + 1)).toBe(broken);
  expect(changed(8, 0xffffffff)).toBe(broken);
  expect(changed(12, 0xffffffff)).toBe(broken);
});

it('any bytes, and any change of a pack, are told apart without an error', () => {
  const good = packOf([{ path: 'd' }, file('d/a'), file('b')]);
  const changed = fc
    .tuple(fc.nat(good.length - 1), fc.nat(255))
    .map(([at, byte]) => Buffer.from(good.map((old, index) => (index === at ? byte : old))));
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), changed);
  fc.assert(
    fc.property(bytes, (pack) => ['string', 'undefined'].includes(typeof packProblem(pack))),
    { seed: 20_261_129, numRuns: 500 },
  );
});
