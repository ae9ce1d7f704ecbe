import { describe, expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { HttpHooks } from '../../src/outbound/http-hook.ts';
import { fairLookups } from '../../src/outbound/lookups.ts';
import { machineNetwork } from '../../src/outbound/network.ts';
import { Targets, targetSchema } from '../../src/outbound/targets.ts';
import type { HttpAction } from '../../src/protocol/http-action.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';
import { bytes, sampleHook } from '../protocol/samples.ts';

const never = new AbortController().signal;

/** A resolver that answers when told, and the names that it was asked for. */
function slowResolver() {
  const asked: string[] = [];
  const open = new Map<string, (error?: Error) => void>();
  const resolve = (host: string) => {
    asked.push(host);
    return new Promise<readonly string[]>((done, fail) => {
      open.set(host, (error) => (error === undefined ? done(['8.8.8.8']) : fail(error)));
    });
  };
  return { asked, open, resolve, network: fairLookups({ ...machineNetwork, resolve }) };
}

describe('names of a target whose name server is silent', () => {
  it('take one lookup, and leave those of other targets to them', async () => {
    const { asked, open, network } = slowResolver();
    const [one, other] = [{}, {}];
    const waiting = ['a', 'b', 'c'].map((host) => network.resolve(host, one, never));
    const fast = network.resolve('x', other, never);
    expect(asked).toEqual(['a', 'x']);
    open.get('x')?.();
    expect(await fast).toEqual(['8.8.8.8']);
    open.get('a')?.(new Error('silent'));
    await expect(waiting[0]).rejects.toThrow('silent');
    await expect.poll(() => asked).toEqual(['a', 'x', 'b']);
    open.get('b')?.();
    await expect.poll(() => asked).toEqual(['a', 'x', 'b', 'c']);
    open.get('c')?.();
    expect(await Promise.all(waiting.slice(1))).toEqual([['8.8.8.8'], ['8.8.8.8']]);
  });

  it('are looked up once for requests at the same time, and again after that', async () => {
    const { asked, open, network } = slowResolver();
    const target = {};
    const both = [1, 2].map(() => network.resolve('a', target, never));
    open.get('a')?.();
    expect(await Promise.all(both)).toEqual([['8.8.8.8'], ['8.8.8.8']]);
    expect(asked).toEqual(['a']);
    const again = network.resolve('a', target, never);
    open.get('a')?.();
    await again;
    expect(asked).toEqual(['a', 'a']);
  });

  it('are not looked up for a request that is over', async () => {
    const { asked, open, network } = slowResolver();
    const target = {};
    const first = network.resolve('a', target, never);
    const over = new AbortController();
    const late = network.resolve('b', target, over.signal);
    over.abort(new Error('over'));
    open.get('a')?.();
    await first;
    await expect(late).rejects.toThrow('over');
    expect(asked).toEqual(['a']);
  });
});

it('hooks of one target look one name up at a time', async () => {
  const { asked, resolve } = slowResolver();
  const entry = targetSchema.parse({ hosts: ['*.acme.test'], plain: true, tenants: ['acme'] });
  const hooks = new HttpHooks({
    ...{ targets: new Targets({ one: entry }), secrets: { valueFor: () => '' }, version: '9' },
    network: { ...machineNetwork, resolve },
  });
  const results = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((name) => {
      const action: HttpAction = {
        ...{ kind: 'http', url: parseRequestUrl(`http://${name}.acme.test/`) },
        ...{ headers: {}, retries: 0, settings: {} },
      };
      const hook = { ...sampleHook({ timeoutMs: 30, failMode: 'block' }), action };
      return hooks.run(
        {
          ...{ dialect: azure, hook, tenant: 'acme', isolation: 'tenant' },
          ...{ context: bytes('{}'), transcript: undefined },
        },
        never,
      );
    }),
  );
  expect(results.map(({ decision }) => decision)).toEqual(Array(5).fill('block'));
  expect(asked).toEqual(['a.acme.test']);
});
