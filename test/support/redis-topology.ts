/**
 * Private redis servers in the topologies that hookpool supports; all of them end with the test.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import type { RedisSettings } from '../../src/redis/connection.ts';
import { freePort } from './redis.ts';

export class RedisTopology {
  readonly settings: RedisSettings;
  readonly #folder: string;
  readonly #servers: ReadonlyMap<number, ChildProcess>;

  constructor(settings: RedisSettings, folder: string, servers: ReadonlyMap<number, ChildProcess>) {
    this.settings = settings;
    this.#folder = folder;
    this.#servers = servers;
  }

  /** One server that requires a password; `user` is in its access list. */
  static password(user: string, password: string): Promise<RedisTopology> {
    const access =
      user === ''
        ? ['--requirepass', password]
        : ['--user', user, 'on', `>${password}`, '~*', '&*', '+@all', '--user', 'default', 'off'];
    return build(async (start) => {
      const port = await start(access);
      return { url: `redis://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}` };
    });
  }

  /** One server that accepts only TLS, with a certificate of a private authority. */
  static tls(): Promise<RedisTopology> {
    return build(async (start, folder) => {
      const port = await start([], makeCertificate(folder));
      return { url: `rediss://127.0.0.1:${port}`, caFile: path.join(folder, 'ca.crt') };
    });
  }

  /** A master, a replica and three sentinels that fail over after half a second. */
  static sentinel({ tls }: { readonly tls: boolean }): Promise<RedisTopology> {
    return build(async (start, folder) => {
      const secure = tls ? makeCertificate(folder) : undefined;
      const replication = secure === undefined ? [] : ['--tls-replication', 'yes'];
      const master = await start(replication, secure);
      await start([...replication, '--replicaof', '127.0.0.1', String(master)], secure);
      const sentinels = [];
      for (const number of [1, 2, 3])
        sentinels.push(await start(sentinelArguments(folder, number, master, replication), secure));
      const caFile = path.join(folder, 'ca.crt');
      for (const port of sentinels)
        await untilSentinelKnowsAll(port, secure === undefined ? undefined : caFile);
      return {
        url: `${tls ? 'rediss' : 'redis'}://unused`,
        sentinels: sentinels.map((port) => `127.0.0.1:${port}`),
        ...(tls ? { caFile } : {}),
      };
    });
  }

  /** Three masters. */
  static cluster(): Promise<RedisTopology> {
    return build(async (start, folder) => {
      const nodes = [];
      for (const number of [1, 2, 3]) {
        const bus = ['--cluster-port', String(await freePort())];
        const file = path.join(folder, `nodes-${number}.conf`);
        nodes.push(
          await start(['--cluster-enabled', 'yes', '--cluster-config-file', file, ...bus]),
        );
      }
      const cluster = nodes.map((port) => `127.0.0.1:${port}`);
      execFileSync(
        'redis-cli',
        ['--cluster', 'create', ...cluster, '--cluster-replicas', '0', '--cluster-yes'],
        {
          stdio: 'ignore',
        },
      );
      return { url: 'redis://unused', cluster };
    });
  }

  async kill(port: number): Promise<void> {
    await end(this.#servers.get(port));
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#servers.values()].map(end));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Starts one server and returns its port; `tls` replaces the plain port. */
type Start = (args: readonly string[], tls?: readonly string[]) => Promise<number>;

async function build(
  arrange: (start: Start, folder: string) => Promise<RedisSettings>,
): Promise<RedisTopology> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-redis-'));
  const servers = new Map<number, ChildProcess>();
  const start: Start = async (args, tls) => {
    const port = await freePort();
    const where =
      tls === undefined
        ? ['--port', String(port)]
        : ['--port', '0', '--tls-port', String(port), ...tls];
    const [first = '', ...rest] = args;
    // The name of a configuration file comes before all options.
    const file = first.endsWith('.conf') ? [first] : [];
    const options = file.length > 0 ? rest : args;
    const own = [
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      ...(file.length > 0 ? [] : ['--save', '', '--appendonly', 'no']),
    ];
    servers.set(
      port,
      spawn('redis-server', [...file, ...where, ...own, ...options], { stdio: 'ignore' }),
    );
    await vi.waitFor(() => canConnect(port), { timeout: 5_000, interval: 20 });
    return port;
  };
  try {
    return new RedisTopology(await arrange(start, folder), folder, servers);
  } catch (error) {
    await new RedisTopology({ url: '' }, folder, servers).remove();
    throw error;
  }
}

function sentinelArguments(
  folder: string,
  number: number,
  master: number,
  more: readonly string[],
): string[] {
  const file = path.join(folder, `sentinel-${number}.conf`);
  const lines = [
    `sentinel monitor mymaster 127.0.0.1 ${master} 2`,
    'sentinel down-after-milliseconds mymaster 500',
    'sentinel failover-timeout mymaster 2000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return [file, '--sentinel', ...more];
}

/**
 * Waits until the sentinel knows the other two sentinels and the replica, because a failover needs
 * their agreement.
 */
async function untilSentinelKnowsAll(port: number, caFile: string | undefined): Promise<void> {
  const secure = caFile === undefined ? [] : ['--tls', '--cacert', caFile];
  const known = () => {
    const said = execFileSync(
      'redis-cli',
      ['-p', String(port), ...secure, 'sentinel', 'master', 'mymaster'],
      {
        encoding: 'utf8',
      },
    );
    expect(said).toMatch(/num-slaves\n1\nnum-other-sentinels\n2\n/);
  };
  await vi.waitFor(known, { timeout: 10_000, interval: 100 });
}

/** Makes an authority and a certificate for 127.0.0.1. @returns the server's arguments. */
function makeCertificate(folder: string): string[] {
  const file = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
  );
  const signed = [
    '-CA',
    file('ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-days',
    '2',
  ];
  openssl(
    'req',
    '-x509',
    ...key,
    ...signed,
    '-keyout',
    file('redis.key'),
    '-out',
    file('redis.crt'),
    '-subj',
    '/CN=redis',
  );
  const pair = ['--tls-cert-file', file('redis.crt'), '--tls-key-file', file('redis.key')];
  return [...pair, '--tls-ca-cert-file', file('ca.crt'), '--tls-auth-clients', 'no'];
}

async function canConnect(port: number): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
