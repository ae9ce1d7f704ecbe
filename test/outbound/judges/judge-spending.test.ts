import { describe, expect, it, vi } from 'vitest';
import { MemorySpending, type Spending } from '../../../src/outbound/judges/spending.ts';
import { useServices } from '../http-hook-rig.ts';
import { ask, hooksAt, http, no } from './rig.ts';

const services = useServices();
const { answering } = services;

const code = (name: string) => ({ decision: 'block', cause: { kind: 'fail-mode', code: name } });

describe('a question to a judge', () => {
  it('asks no more than its tenant may spend', async () => {
    const port = await answering(http(no));
    const spending = new MemorySpending({ tokensPerDay: 1_200 });
    const hooks = hooksAt(port, { options: { spending } });
    // A question takes its bytes / 3 and 500 tokens; the answer settles that to 120.
    expect(await ask(port, {}, hooks)).toMatchObject({ reason: 'no evidence' });
    spending.add('acme', 1_000);
    expect(await ask(port, {}, hooks)).toMatchObject(code('BUDGET_SPENT'));
    expect(services.requests).toHaveLength(1);
  });

  it('costs nothing where there was no connection, and what it may take where there was', async () => {
    const spending = new MemorySpending({ tokensPerDay: 4_000 });
    const options = { spending };
    // Three attempts each, which reserve more than 500 tokens.
    for (let n = 0; n < 4; n++)
      expect(await ask(1, { options })).toMatchObject({
        ...code('JUDGE_UNAVAILABLE'),
        asked: { attempts: 3, spentUnknown: 0 },
      });
    const port = await services.servers.serve((one) =>
      one.once('data', () => one.resetAndDestroy()),
    );
    expect(await ask(port, { options })).toMatchObject({ asked: { spentUnknown: 3 } });
    expect((await spending.reserve('acme', 2_000)).refused).toMatch(
      /has spent [2-9][0-9]{3} of 4000 tokens/,
    );
  });

  it.each([
    ['refuses after 100 ms', 'The tenant has spent 9 of 9 tokens.', ['settled', 120]],
    ['cannot be reached', new Error('away'), ['added', 120]],
    ['counts after 100 ms', undefined, ['settled', 120]],
  ])('is counted once, also late: the count %s', async (_, late, counted) => {
    const port = await answering(http(no));
    const calls: unknown[] = [];
    const settle = (used: number) => void calls.push(['settled', used]);
    const reserve: Spending['reserve'] = async (_tenant, tokens) => {
      expect(tokens).toBeGreaterThan(500);
      await new Promise((resolve) => setTimeout(resolve, 130));
      if (late instanceof Error) throw late;
      return { refused: late, settle };
    };
    const add = (_tenant: string, used: number) => void calls.push(['added', used]);
    const result = await ask(port, { options: { spending: { reserve, add } } });
    expect(result).toMatchObject({ reason: 'no evidence' });
    await expect.poll(() => calls).toEqual([counted]);
  });

  it.each([
    ['prompt_tokens', -1_000_000],
    ['completion_tokens', -1],
    ['prompt_tokens', 1e308],
    ['completion_tokens', 100_000_001],
    ['prompt_tokens', 0.5],
  ])('takes what it reserved where the provider counts %s: %d', async (name, value) => {
    const answer = no as { readonly usage: object };
    const port = await answering(http({ ...answer, usage: { ...answer.usage, [name]: value } }));
    const spending = new MemorySpending({ tokensPerDay: 4_000 });
    expect(await ask(port, { options: { spending } })).toMatchObject({
      reason: 'no evidence',
      asked: { inputTokens: 0, outputTokens: 0, spentUnknown: 1 },
    });
    expect((await spending.reserve('acme', 4_000)).refused).toMatch(/has spent [5-9][0-9]{2} of/);
  });

  it('counts no more tokens as kept by the provider than there were', async () => {
    const usage = {
      ...{ prompt_tokens: 100, completion_tokens: 20 },
      prompt_tokens_details: { cached_tokens: 1_000_000 },
    };
    const port = await answering(http({ ...no, usage }));
    expect(await ask(port)).toMatchObject({ asked: { inputTokens: 100, cachedTokens: 100 } });
  });

  it('that its limit refuses is told, without a word of the question', async () => {
    const port = await answering(http(no));
    const told = vi.fn();
    const spending = new MemorySpending({ tokensPerDay: 1 });
    expect(await ask(port, { options: { spending, onSpent: told } })).toMatchObject(
      code('BUDGET_SPENT'),
    );
    expect(told.mock.calls).toEqual([
      [
        'fast',
        'acme',
        expect.stringMatching(/^The tenant acme has spent 0 of 1 tokens of this day/),
      ],
    ]);
  });

  it('of a shadow hook spends at most half of what its tenant may', async () => {
    const port = await answering(http(no));
    const spending = new MemorySpending({ tokensPerDay: 3_000 });
    const options = { spending };
    spending.add('acme', 1_000);
    expect(await ask(port, { hook: { shadow: true }, options })).toMatchObject(
      code('BUDGET_SPENT'),
    );
    expect(await ask(port, { options })).toMatchObject({ reason: 'no evidence' });
  });

  it('of a shadow hook leaves its tenant half of what its process asks at once', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const port = await services.servers.serve((socket) =>
      socket.once('data', () => answered.then(() => socket.end(http(no)))),
    );
    const hooks = hooksAt(port, { options: { most: { all: 4, tenant: 2 } } });
    const shadow = () => ask(port, { hook: { shadow: true } }, hooks);
    const first = shadow();
    expect(await shadow()).toMatchObject(code('OVERLOADED'));
    const heard = ask(port, {}, hooks);
    answer();
    expect(await Promise.all([first, heard])).toMatchObject(
      Array(2).fill({ reason: 'no evidence' }),
    );
  });

  it('of a shadow hook rests no judge where it fails', async () => {
    const port = await answering(http('{}', 401), http(no));
    const rests: unknown[] = [];
    const options = { onRest: (...rest: unknown[]) => rests.push(rest) };
    const hooks = hooksAt(port, { options });
    const shadow = await ask(port, { hook: { shadow: true } }, hooks);
    expect(shadow).toMatchObject(code('JUDGE_UNAVAILABLE'));
    expect(await ask(port, {}, hooks)).toMatchObject({ reason: 'no evidence' });
    expect(rests).toEqual([]);
  });

  it('of a shadow hook is one that no other hook waits with', async () => {
    let onFirst = () => {};
    const first = new Promise<void>((resolve) => {
      onFirst = resolve;
    });
    const port = await services.servers.serve((socket) =>
      socket.once('data', () => {
        onFirst();
        // The first one, of the shadow hook, has no answer.
        if (services.servers.connections > 1) socket.end(http(no));
      }),
    );
    const hooks = hooksAt(port);
    const stop = new AbortController();
    const action = { cache: { seconds: 60 } };
    const shadow = ask(port, { action, hook: { shadow: true }, signal: stop.signal }, hooks);
    await first;
    expect(await ask(port, { action }, hooks)).toMatchObject({ reason: 'no evidence' });
    stop.abort(new Error('gone'));
    await shadow;
  });
});
