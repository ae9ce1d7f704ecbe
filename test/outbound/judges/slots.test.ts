import { describe, expect, it } from 'vitest';
import { Slots } from '../../../src/outbound/judges/slots.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a judge', () => {
  it('answers no more than a bounded number of waiting questions', async () => {
    const slots = new Slots(1);
    const never = new AbortController();
    let end: () => void = () => {};
    const a = { tenant: 'a', share: 1, signal: never.signal };
    const first = slots.run(a, () => new Promise<void>((resolve) => (end = resolve)));
    const waiting = Array.from({ length: 8 }, () => slots.run(a, async () => 1));
    await expect(slots.run(a, async () => 1)).rejects.toMatchObject({
      code: 'JUDGE_UNAVAILABLE',
    });
    const stop = new AbortController();
    const gone = slots.run({ tenant: 'b', share: 1, signal: stop.signal }, async () => 1);
    stop.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    end();
    await first;
    expect(await Promise.all(waiting)).toEqual(Array(8).fill(1));
  });
});

describe('a question with half a share', () => {
  it.each([
    [8, 2],
    [1, 1],
  ])(
    "begins in the first half of %d places, of which %d are its tenant's",
    async (places, most) => {
      const slots = new Slots(places);
      const { signal } = new AbortController();
      const ends: (() => void)[] = [];
      const begun: string[] = [];
      const run = (tenant: string, share: number) =>
        slots.run({ tenant, share, signal }, () => {
          begun.push(`${tenant}${share}`);
          return new Promise<void>((resolve) => ends.push(resolve));
        });
      const all = Array.from({ length: most + 1 }, () => run('a', 0.5));
      await turn();
      expect(begun).toEqual(Array(most).fill('a0.5'));
      all.push(run('a', 1));
      await turn();
      // Where there is room, whoever is heard begins at once, else first.
      if (places === 1) ends.shift()?.();
      await turn();
      expect(begun).toEqual([...Array(most).fill('a0.5'), 'a1']);
      while (begun.length < all.length || ends.length > 0) {
        ends.shift()?.();
        await turn();
      }
      await Promise.all(all);
    },
  );

  it('may wait in the first half of the places to wait', async () => {
    const slots = new Slots(1);
    const stop = new AbortController();
    const { signal } = stop;
    const of = (tenant: string, share: number) => slots.run({ tenant, share, signal }, () => never);
    const never = new Promise<void>(() => {});
    of('a', 1).catch(() => undefined);
    const waiting = Array.from({ length: 4 }, () => of('a', 0.5));
    await expect(of('a', 0.5)).rejects.toMatchObject({ code: 'JUDGE_UNAVAILABLE' });
    waiting.push(of('a', 1));
    stop.abort(new Error('gone'));
    const ends = await Promise.allSettled(waiting);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
  });
});
