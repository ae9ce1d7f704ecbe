import { expect, it } from 'vitest';
import { packScene, unpackScene } from '../../src/console/share.ts';

const scene = { dialect: 'codex', context: '{"a":"ü\u202e"}', hooks: 'hooks: {}\n' };

it('a scene comes out of its link as it was', async () => {
  const packed = await packScene(scene);
  expect(packed).toMatch(/^[\w-]+$/);
  expect(await unpackScene(packed)).toEqual(scene);
});

it.each(['', 'x', '!!!', 'AAAA', 'a'.repeat(300_000)])('%.8s is no scene', async (text) => {
  expect(await unpackScene(text)).toBeUndefined();
});

it('a link that unpacks to more than 2 MiB is refused', async () => {
  const packed = await packScene({ ...scene, hooks: ' '.repeat(3 << 20) });
  expect(packed.length).toBeLessThan(10_000);
  expect(await unpackScene(packed)).toBeUndefined();
});
