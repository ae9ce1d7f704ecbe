import { describe, expect, it, vi } from 'vitest';
import type { SharedPlaces, Taken } from '../../../src/outbound/judges/shared-place.ts';
import { MemorySpending } from '../../../src/outbound/judges/spending.ts';
import { useServices } from '../http-hook-rig.ts';
import { ask, hooksAt, http, no, yes } from './rig.ts';

const services = useServices();
const { answering } = services;

const code = (name: string) => ({ decision: 'block', cause: { kind: 'fail-mode', code: name } });

/** Places that answer in this order, the last answer for all further ones. */
function placesOf(...answers: readonly (Partial<Taken> | Error | undefined)[]) {
  const calls: unknown[][] = [];
  let looks = 0;
  const places: SharedPlaces = {
    take: async (judge, tenant, most) => {
      const answer = answers[Math.min(looks++, answers.length - 1)];
      calls.push(['take', judge.length, tenant, most]);
      if (answer instanceof Error) throw answer;
      if (answer === undefined) return new Promise(() => {});
      return { release: undefined, restMs: 0, failures: 0, ...answer };
    },
    failed: async (_, tenant) => {
      calls.push(['failed', tenant]);
      return 0;
    },
    answered: (_, tenant) => void calls.push(['answered', tenant]),
    rest: (_, restMs) => void calls.push(['rest', restMs]),
  };
  return { places, calls };
}

const release = () => {};

describe('a question where processes share the places of a judge', () => {
  it('has one place for all its attempts, which it gives back', async () => {
    const released = vi.fn();
    const { places, calls } = placesOf({ release: released });
    const port = await answering(http('{}', 503, 'retry-after-ms: 1\r\n'), http(no));
    const entry = { atOnce: 5 };
    expect(await ask(port, { entry, options: { places } })).toMatchObject({ decision: 'block' });
    expect(calls).toEqual([
      ['take', 43, 'acme', { all: 5, tenant: 3 }],
      ['failed', 'acme'],
      ['answered', 'acme'],
    ]);
    expect(released).toHaveBeenCalledOnce();
  });

  it('of a shadow hook takes from the first half, and its failures do not count', async () => {
    const { places, calls } = placesOf({ release });
    const port = await answering(http('{}', 404));
    await ask(port, { hook: { shadow: true }, entry: { atOnce: 8 }, options: { places } });
    expect(calls).toEqual([['take', 43, 'acme', { all: 4, tenant: 2 }]]);
  });

  it('asks for its place and for its tokens in one round trip', async () => {
    const order: string[] = [];
    const trip = async <T>(name: string, answer: T): Promise<T> => {
      order.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} answered`);
      return answer;
    };
    const { places } = placesOf({});
    const take = () => trip('place', { release, restMs: 0, failures: 0 });
    const spending = {
      reserve: () => trip('tokens', { settle: () => {} }),
      add: () => expect.unreachable(),
    };
    const port = await answering(http(no));
    await ask(port, { options: { places: { ...places, take }, spending } });
    expect(order).toEqual(['place', 'tokens', 'place answered', 'tokens answered']);
  });

  it('waits for a place of other processes, and is sent when there is one', async () => {
    const { places, calls } = placesOf({}, {}, { release });
    const port = await answering(http(no));
    expect(await ask(port, { options: { places } })).toMatchObject({ reason: 'no evidence' });
    expect(calls).toHaveLength(3);
  });

  it('is not sent where there is none until its timeout, and costs nothing', async () => {
    const { places, calls } = placesOf({});
    const spending = new MemorySpending({ tokensPerDay: 900 });
    const port = await answering(http(no));
    const given = { hook: { timeoutMs: 120 }, options: { places, spending } };
    expect(await ask(port, given)).toMatchObject(code('HOOK_TIMED_OUT'));
    expect(services.servers.connections).toBe(0);
    expect((await spending.reserve('acme', 900)).refused).toBeUndefined();
    // It does not look for a place any more.
    const looks = calls.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(calls).toHaveLength(looks);
  });

  it('is not sent where the judge rests, nor is the next one, which asks nobody', async () => {
    const { places, calls } = placesOf({ restMs: 4_000, failures: 5 });
    const port = await answering(http(no));
    const hooks = hooksAt(port, { options: { places } });
    for (let n = 0; n < 2; n++)
      expect(await ask(port, {}, hooks)).toMatchObject(code('JUDGE_UNAVAILABLE'));
    expect(services.servers.connections).toBe(0);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['cannot be reached', new Error('away')],
    ['do not answer', undefined],
  ])('is sent where the places %s', async (_, answer) => {
    const { places } = placesOf(answer);
    const port = await answering(http(no));
    expect(await ask(port, { options: { places } })).toMatchObject({ reason: 'no evidence' });
  });

  it('gives a place back that came too late', async () => {
    const released = vi.fn();
    let give: (taken: Taken) => void = () => {};
    const late = new Promise<Taken>((resolve) => (give = resolve));
    const places = { ...placesOf({}).places, take: () => late };
    const port = await answering(http(no));
    await ask(port, { options: { places } });
    give({ release: released, restMs: 0, failures: 0 });
    await vi.waitFor(() => expect(released).toHaveBeenCalledOnce());
  });

  it('that its budget refuses looks for no place again, and gives its own back', async () => {
    const released = vi.fn();
    const { places, calls } = placesOf({}, { release: released });
    const spending = new MemorySpending({ tokensPerDay: 1 });
    const port = await answering(http(no));
    const options = { places, spending };
    expect(await ask(port, { options })).toMatchObject(code('BUDGET_SPENT'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls).toHaveLength(1);
    expect(await ask(port, { options })).toMatchObject(code('BUDGET_SPENT'));
    await vi.waitFor(() => expect(released).toHaveBeenCalledOnce());
  });

  it('ends the failures that others have counted', async () => {
    const { places, calls } = placesOf({ release, failures: 3 });
    await ask(await answering(http(yes)), { options: { places } });
    expect(calls.slice(1)).toEqual([['answered', 'acme']]);
  });

  it('that fails begins a rest of all processes, which is told once', async () => {
    const { places } = placesOf({ release });
    const rests: unknown[] = [];
    const onRest = (...rest: unknown[]) => void rests.push(rest);
    const hooks = hooksAt(await answering(http('{}', 404)), {
      options: { onRest, places: { ...places, failed: async () => 2_000 } },
    });
    await ask(1, {}, hooks);
    await vi.waitFor(() => expect(rests).toEqual([['fast', 2_000, 'status 404, for tenant acme']]));
    expect(await ask(1, {}, hooks)).toMatchObject({
      ...code('JUDGE_UNAVAILABLE'),
      asked: { attempts: 0 },
    });
  });

  it('whose key is refused takes the judge from no other process, whose key may be another', async () => {
    const { places, calls } = placesOf({ release });
    await ask(await answering(http('{}', 401)), { options: { places } });
    expect(calls).toEqual([['take', 43, 'acme', { all: 16, tenant: 8 }]]);
  });

  it('that a judge must reject and approves takes it from all processes', async () => {
    const { places, calls } = placesOf({ release });
    const port = await answering(http(yes));
    await ask(port, { entry: { canary: 1 }, options: { places } });
    await vi.waitFor(() => expect(calls).toContainEqual(['rest', 30_000]));
  });
});
