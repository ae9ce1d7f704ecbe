/**
 * Leaves name lookups to all targets. A lookup of the machine takes one of the four threads of node
 * (UV_THREADPOOL_SIZE) for as long as a name server is silent, which whoever has the domain decides:
 * four of them would stop the lookups of all tenants, and the files that the process reads.
 */
import type { Network } from './network.ts';

/** Lookups of one target or judge at once. */
const mostAtOnce = 1;

/** Requests for one name share the lookup that is running; further names of a target wait for it. */
export function fairLookups(network: Network): Network {
  const running = new WeakMap<object, Map<string, Promise<readonly string[]>>>();
  const resolve: Network['resolve'] = async (host, target, signal) => {
    const own = running.get(target) ?? new Map<string, Promise<readonly string[]>>();
    running.set(target, own);
    while (!own.has(host) && own.size >= mostAtOnce) {
      await Promise.race(own.values()).catch(() => undefined);
      // Nobody waits any more for a name whose request is over.
      signal.throwIfAborted();
    }
    const same = own.get(host);
    if (same !== undefined) return same;
    const lookup = network.resolve(host, target, signal).finally(() => own.delete(host));
    own.set(host, lookup);
    return lookup;
  };
  return { ...network, resolve };
}
