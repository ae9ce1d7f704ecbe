/** The machine's own resolver and sockets, as the guarded connection uses them. */
import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';

export interface Network {
  /**
   * All addresses of a name.
   * @param target an object of the target or judge whose name it is.
   * @param signal of the request that needs it; a lookup that has begun goes on.
   */
  readonly resolve: (
    host: string,
    target: object,
    signal: AbortSignal,
  ) => Promise<readonly string[]>;
  /** Begins a connection to an address; never called with a name. */
  readonly connect: (address: string, port: number) => Socket;
}

/** IPv4 addresses come first: a machine without a route for IPv6 would lose the first attempt. */
export const machineNetwork: Network = {
  resolve: async (host) => {
    const found = await lookup(host, { all: true, order: 'ipv4first' });
    return found.map(({ address }) => address);
  },
  connect: (address, port) => connect({ host: address, port, autoSelectFamily: false }),
};
