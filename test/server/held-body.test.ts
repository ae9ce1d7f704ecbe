import { expect, test } from 'vitest';
import { HeldBody } from '../../src/server/held-body.ts';

function rig() {
  let releases = 0;
  const body = new HeldBody(() => () => {
    releases++;
  });
  return { body, releases: () => releases };
}

test('without async hooks the body is released once, when the deciding is over', async () => {
  const { body, releases } = rig();
  let decide: (value: number) => void = () => undefined;
  const deciding = body.whileDeciding(
    new Promise<number>((resolve) => {
      decide = resolve;
    }),
  );
  await Promise.resolve();
  expect(releases()).toBe(0);
  decide(7);
  expect([await deciding, releases()]).toEqual([7, 1]);
});

test.each([
  ['answers', () => Promise.resolve()],
  ['fails', () => Promise.reject(new Error('no decision'))],
])(
  'the body is held when the deciding %s, until each async hook that has started has ended',
  async (_, deciding) => {
    const { body, releases } = rig();
    body.started();
    body.started();
    body.ended();
    await body.whileDeciding(deciding()).catch(() => undefined);
    expect(releases()).toBe(0);
    body.ended();
    expect(releases()).toBe(1);
  },
);

test('hooks that start one after the other, while it is decided, release it once', async () => {
  const { body, releases } = rig();
  for (let hook = 0; hook < 3; hook++) {
    body.started();
    body.ended();
  }
  expect(releases()).toBe(0);
  await body.whileDeciding(Promise.resolve());
  expect(releases()).toBe(1);
  body.started();
  body.ended();
  expect(releases()).toBe(1);
});
