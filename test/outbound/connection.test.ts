import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressRules } from '../../src/outbound/addresses.ts';
import { certificate, certificateKey } from './certificate.ts';
import { ask, HostileServers } from './hostile-servers.ts';

const tls = { key: certificateKey, cert: certificate };
const toLoopback = { resolve: async () => ['127.0.0.1'] };

let servers: HostileServers;
beforeEach(() => {
  servers = new HostileServers();
});
afterEach(() => servers.close());

const at = (port: number, path = '/check') => `http://127.0.0.1:${port}${path}`;

describe('the connection', () => {
  it('goes to the address that was judged, not to the name', async () => {
    const port = await servers.answers('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const { answer, facts } = await ask({
      url: `http://rebind.test:${port}/`,
      network: toLoopback,
    });
    expect(answer?.status).toBe(200);
    expect(facts).toMatchObject({ host: 'rebind.test', address: '127.0.0.1' });
  });

  it('is resolved once, so that a second answer of the resolver changes nothing', async () => {
    const port = await servers.answers('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['10.0.0.1']);
    const { answer } = await ask({ url: `http://rebind.test:${port}/`, network: { resolve } });
    expect([answer?.status, asked]).toEqual([200, 1]);
  });

  it.each([
    ['its only address is refused', ['127.0.0.1']],
    ['one of several addresses is refused', ['8.8.8.8', '127.0.0.1']],
    ['an address is IPv4 in IPv6', ['::ffff:127.0.0.1']],
  ])('is not made where %s', async (_, addresses) => {
    const port = await servers.answers('HTTP/1.1 200 OK\r\n\r\n');
    const { failure, facts } = await ask({
      url: `http://inside.test:${port}/`,
      rules: new AddressRules(),
      network: { resolve: async () => addresses },
    });
    expect(failure?.code).toBe('TARGET_NOT_ALLOWED');
    expect(facts.address).toBeNull();
    expect(servers.connections).toBe(0);
  });

  it.each(['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', '127.1', '169.254.169.254'])(
    'is not made to %s, for which no resolver is asked',
    async (host) => {
      const resolve = () => Promise.reject(new Error('asked'));
      const { failure } = await ask({
        url: `http://${host}:9/`,
        rules: new AddressRules(),
        network: { resolve },
      });
      expect(failure?.code).toBe('TARGET_NOT_ALLOWED');
    },
  );

  it('is dropped before anything is sent where it ended at another address', async () => {
    let got = 0;
    const port = await servers.serve((socket) =>
      socket.on('data', ({ length }) => {
        got += length;
      }),
    );
    const { failure } = await ask({
      url: `http://public.test:${port}/`,
      rules: new AddressRules(),
      network: {
        resolve: async () => ['8.8.8.8'],
        connect: (_, toPort) => connect({ host: '127.0.0.1', port: toPort }),
      },
    });
    expect(failure?.code).toBe('TARGET_NOT_ALLOWED');
    await servers.allGone();
    expect(got).toBe(0);
  });

  it('takes the next address where one does not answer', async () => {
    const port = await servers.answers('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const network = { resolve: async () => ['::1', '127.0.0.1'] };
    const { answer, facts } = await ask({ url: `http://two.test:${port}/`, network });
    expect([answer?.status, facts.address]).toEqual([200, '127.0.0.1']);
  });

  it.each([
    ['has no address', { resolve: async () => [] }, 'has no address.'],
    [
      'is not known',
      { resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) },
      'has no address (ENOTFOUND).',
    ],
    ['has a closed port', toLoopback, '(ECONNREFUSED).'],
  ])('fails where the host %s', async (_, network, text) => {
    const { failure } = await ask({ url: 'http://gone.test:1/', network });
    expect(failure?.code).toBe('TARGET_UNREACHABLE');
    expect(failure?.message).toContain(text);
  });

  it('uses no proxy of the environment', async () => {
    const proxy = await servers.answers('HTTP/1.1 200 Proxied\r\nContent-Length: 0\r\n\r\n');
    const port = await servers.answers('HTTP/1.1 204 Direct\r\n\r\n');
    const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => [name, process.env[name]] as const);
    try {
      for (const name of names) process.env[name] = `http://127.0.0.1:${proxy}`;
      expect((await ask({ url: at(port) })).answer?.status).toBe(204);
    } finally {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });
});

describe('TLS', () => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

  it('checks the certificate for the name of the URL at the pinned address', async () => {
    const port = await servers.answers(ok, tls);
    const url = `https://policy.test:${port}/`;
    const { answer, facts } = await ask({ url, ca: certificate, network: toLoopback });
    expect([answer?.status, facts.address]).toEqual([200, '127.0.0.1']);
  });

  it('takes a certificate for an address where the URL has one', async () => {
    const port = await servers.answers(ok, tls);
    const { answer } = await ask({ url: `https://127.0.0.1:${port}/`, ca: certificate });
    expect(answer?.status).toBe(200);
  });

  it.each([
    ['another name', 'other.test', certificate, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an authority that nobody trusts', 'policy.test', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('refuses a certificate of %s', async (_, host, ca, code) => {
    const port = await servers.answers(ok, tls);
    const url = `https://${host}:${port}/`;
    const { failure } = await ask({ url, ca, network: toLoopback });
    expect(failure).toMatchObject({ code: 'TARGET_UNREACHABLE' });
    expect(failure?.message).toContain(code);
  });

  it('refuses a bad certificate also where the environment accepts all', async () => {
    const port = await servers.answers(ok, tls);
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const { failure } = await ask({ url: `https://policy.test:${port}/`, network: toLoopback });
      expect(failure?.code).toBe('TARGET_UNREACHABLE');
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('ends at the deadline in the middle of a handshake', async () => {
    const port = await servers.serve((socket) => socket.resume());
    const { failure } = await ask({ url: `https://policy.test:${port}/`, network: toLoopback });
    expect(failure?.code).toBe('HOOK_TIMED_OUT');
    await servers.allGone();
  });
});
