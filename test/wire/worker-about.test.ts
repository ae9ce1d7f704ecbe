import { expect, it } from 'vitest';
import { parseAbout, toAbout } from '../../src/wire/worker-about.ts';

const judges = [{ names: ['fast', 'haiku'], tenants: ['acme'] }];
const targets = [{ hosts: ['a.test'], ports: [8443], plain: false, path: '/', tenants: ['*'] }];

it('what a worker tells arrives', () => {
  for (const about of [{ workspaces: true }, { judges, targets }, { judges: [], targets: [] }])
    expect(parseAbout(toAbout(about, 1_000))).toEqual(about);
});

it('a list that is too long is not told, and the other one is', () => {
  const many = Array.from({ length: 100 }, () => ({ names: ['x'.repeat(20)], tenants: ['*'] }));
  expect(parseAbout(toAbout({ judges: many, targets }, 200))).toEqual({ targets });
  expect(parseAbout(toAbout({ judges, targets: Array(9).fill(targets[0]) }, 200))).toEqual({
    judges,
  });
  expect(parseAbout(toAbout({ judges: many, targets: Array(99).fill(targets[0]) }, 200))).toEqual(
    {},
  );
  expect(toAbout({ workspaces: true, judges }, 5)).toBe('{}');
});

it.each([undefined, '', '{', '7', 'null', '{"judges":[7]}', '{"judges":[{"names":"fast"}]}'])(
  'of what no worker of this version writes nothing is known: %s',
  (text) => expect(parseAbout(text)).toBeUndefined(),
);

it('a later version may tell more', () => {
  expect(parseAbout('{"judges":[],"models":[1]}')).toEqual({ judges: [] });
});
