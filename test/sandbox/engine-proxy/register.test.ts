import { beforeEach, describe, expect, test } from 'vitest';
import type { ContainerSummary } from '../../../src/sandbox/engine.ts';
import { Register } from '../../../src/sandbox/engine-proxy/register.ts';

const alive = new Map<string, ContainerSummary>();
const removed: string[] = [];
const engine = {
  list: async () => [...alive.values()],
  remove: async (id: string) => {
    removed.push(id);
    alive.delete(id);
  },
};
let register: Register;

function put(id: string, state = 'running', ageMs = 0) {
  alive.set(id, { id, state, createdAtMs: Date.now() - ageMs, labels: {} });
  return id;
}

beforeEach(() => {
  alive.clear();
  removed.length = 0;
  register = new Register(engine, 2);
});

describe('the number of containers', () => {
  test('is bounded, also for those that are being created', async () => {
    const ends: (() => void)[] = [];
    const slow = (id: string) => () =>
      new Promise<string>((resolve) => ends.push(() => resolve(put(id))));
    const pending = [register.create(slow('a')), register.create(slow('b'))];
    await expect(register.create(async () => put('more'))).rejects.toMatchObject({ status: 429 });
    for (const end of ends) end();
    await Promise.all(pending);
    await expect(register.create(async () => put('more'))).rejects.toThrow('--max');
    expect([...alive.keys()]).not.toContain('more');
  });

  test('falls when one is removed, ends by itself, or could not be made', async () => {
    await register.create(async () => put('a'));
    await register.create(async () => put('b'));
    await register.remove('a');
    await expect(register.create(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await register.create(async () => put('c'));
    alive.delete('b');
    await register.create(async () => put('d'));
    await expect(register.create(async () => put('e'))).rejects.toMatchObject({ status: 429 });
  });
});

describe('a container of somebody else', () => {
  test('can be neither started nor attached to', () => {
    put('other', 'created');
    expect(() => register.requireOwn('other')).toThrow(expect.objectContaining({ status: 404 }));
    expect(() => register.claimAttach('other')).toThrow(expect.objectContaining({ status: 404 }));
  });

  test.each([
    ['that runs', 'running', 60_000, false],
    ['that was created just now', 'created', 500, false],
    ['that was created and not started', 'created', 10_000, true],
    ['that ended', 'exited', 70_000, true],
    ['that is older than any sandbox gets', 'running', 26 * 60_000, true],
  ])('%s is removed only as a reaper would', async (_, state, ageMs, gone) => {
    put('other', state, ageMs);
    const removal = register.remove('other');
    await (gone ? removal : expect(removal).rejects.toMatchObject({ status: 403 }));
    expect(removed).toEqual(gone ? ['other'] : []);
  });

  test('that is no sandbox is not removed', async () => {
    await expect(register.remove('elsewhere')).rejects.toMatchObject({ status: 404 });
    expect(removed).toEqual([]);
  });
});

test('an own container is attached to once', async () => {
  await register.create(async () => put('a'));
  register.requireOwn('a');
  register.claimAttach('a');
  expect(() => register.claimAttach('a')).toThrow(expect.objectContaining({ status: 404 }));
});

test('closing removes what there is and what is just being made, and refuses more', async () => {
  await register.create(async () => put('a'));
  let finish: () => void = () => undefined;
  const late = register.create(
    () =>
      new Promise((resolve) => {
        finish = () => resolve(put('late'));
      }),
  );
  const closing = register.close();
  finish();
  await late;
  await closing;
  expect([...alive.keys()]).toEqual([]);
  await expect(register.create(async () => put('b'))).rejects.toMatchObject({ status: 503 });
});
