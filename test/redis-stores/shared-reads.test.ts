import { expect, test } from 'vitest';
import { SharedReads } from '../../src/redis-stores/shared-reads.ts';

/** Reads that end when the test says so. */
function held() {
  const begun: PromiseWithResolversOf<string>[] = [];
  const reads = new SharedReads(() => {
    const one = withResolvers<string>();
    begun.push(one);
    return one.promise;
  });
  return { begun, reads };
}

type PromiseWithResolversOf<T> = ReturnType<typeof withResolvers<T>>;

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

test('who comes during a read shares the one after it, never the one that has begun', async () => {
  const { begun, reads } = held();
  const [first, second, third] = [reads.ask('a'), reads.ask('a'), reads.ask('a')];
  expect(begun.length).toBe(1);
  begun[0]?.resolve('before the change');
  expect(await first).toBe('before the change');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.resolve('after it');
  expect(await Promise.all([second, third])).toEqual(['after it', 'after it']);
  expect(begun.length).toBe(2);
});

test('a read that fails fails for those who share it only', async () => {
  const { begun, reads } = held();
  const first = reads.ask('a');
  const second = reads.ask('a');
  begun[0]?.reject(new Error('cut off'));
  await expect(first).rejects.toThrow('cut off');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.resolve('back');
  expect(await second).toBe('back');
  const third = reads.ask('a');
  expect(begun.length).toBe(3);
  begun[2]?.resolve('again');
  expect(await third).toBe('again');
});

test('reads of different things do not wait for each other', () => {
  const { begun, reads } = held();
  void reads.ask('a');
  void reads.ask('b');
  expect(begun.length).toBe(2);
});
