/**
 * Connections to Redis. A producer's connection fails fast, because its caller has a deadline and a
 * fallback. A worker's connection retries forever, because a worker has nothing to do without
 * Redis.
 */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'bullmq';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { InvalidInputError, messageOf, UnavailableError } from '../errors.ts';

export interface RedisSettings {
  /** redis:// or rediss://, with user, password and database where there are any. */
  readonly url: string;
  /** `host:port` of each sentinel; `url` then only gives user, password, database and TLS. */
  readonly sentinels?: readonly string[] | undefined;
  readonly sentinelMaster?: string | undefined;
  /** `host:port` of some nodes of a cluster; `url` is then used as with `sentinels`. */
  readonly cluster?: readonly string[] | undefined;
  /** PEM file of the certificate authorities that are trusted instead of the public ones. */
  readonly caFile?: string | undefined;
}

export type RedisClient = Redis | Cluster;
/** Options of one node that are valid in a cluster's options as well. */
type NodeOptions = Omit<RedisOptions, 'replyMapping' | 'protocol'>;

/** Milliseconds after which a producer's command has failed. */
const commandTimeoutMs = 1_500;
const producerOptions: NodeOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: commandTimeoutMs,
  autoResendUnfulfilledCommands: false,
};
const workerOptions: NodeOptions = { maxRetriesPerRequest: null };
const connectTimeoutMs = 2_000;
const maxReconnectDelayMs = 1_000;

export type ConnectionKind = 'producer' | 'worker';

/**
 * Starts to connect at once. `onError` is called for every failed attempt; ioredis retries by
 * itself.
 */
export function connect(
  settings: RedisSettings,
  kind: ConnectionKind,
  onError: (error: Error) => void,
): RedisClient {
  const options = redisOptions(settings, kind);
  const client =
    settings.cluster === undefined
      ? new Redis(options)
      : new Cluster(settings.cluster.map(hostAndPort), {
          redisOptions: options,
          enableOfflineQueue: kind === 'worker',
          clusterRetryStrategy: reconnectDelay,
          slotsRefreshTimeout: connectTimeoutMs,
        });
  client.on('error', onError);
  return client;
}

/**
 * What BullMQ creates its blocking connections from: options where possible, since BullMQ closes
 * connections that it opened itself; for a cluster a client, which BullMQ copies and the caller has
 * to close.
 */
export function bullConnection(
  settings: RedisSettings,
  onError: (error: Error) => void,
): BullConnection {
  if (settings.cluster === undefined) {
    const options = redisOptions(settings, 'worker') as ConnectionOptions;
    return { connection: options, close: () => undefined };
  }
  const client = connect(settings, 'worker', onError);
  return { connection: client, close: () => client.disconnect() };
}

export interface BullConnection {
  readonly connection: ConnectionOptions;
  close(): void;
}

/** Options of ioredis for one node, or for the master behind the sentinels. */
export function redisOptions(settings: RedisSettings, kind: ConnectionKind): NodeOptions {
  const url = new URL(settings.url);
  const tls = url.protocol === 'rediss:' ? tlsOptions(settings) : {};
  const auth = {
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  };
  const address =
    settings.sentinels === undefined
      ? { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) }
      : {
          sentinels: settings.sentinels.map(hostAndPort),
          name: settings.sentinelMaster ?? 'mymaster',
        };
  return {
    ...address,
    ...auth,
    ...tls,
    db: Number(url.pathname.slice(1) || 0),
    connectTimeout: connectTimeoutMs,
    retryStrategy: reconnectDelay,
    ...(kind === 'producer' ? producerOptions : workerOptions),
  };
}

/**
 * TLS for the server, the master behind sentinels, and the sentinels: by default ioredis connects
 * to the last two in plain text.
 */
function tlsOptions({ caFile }: RedisSettings): NodeOptions {
  const tls = caFile === undefined ? {} : { ca: readAuthorities(caFile) };
  return { tls, sentinelTLS: tls, enableTLSForSentinelMode: true };
}

function readAuthorities(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const text = `HOOKPOOL_REDIS_CA_FILE: ${messageOf(cause)}. It must name a readable PEM file.`;
    throw new InvalidInputError('INVALID_CONFIG', text, { cause });
  }
}

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis does not answer within `timeoutMs`. */
export async function untilReady(client: RedisClient, timeoutMs: number): Promise<void> {
  if (client.status === 'ready') return;
  let lastError: Error | undefined;
  const remember = (error: Error) => {
    lastError = error;
  };
  client.on('error', remember);
  let timer: NodeJS.Timeout | undefined;
  let ready: () => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        const why = lastError === undefined ? '' : ` ${lastError.message}`;
        reject(
          new UnavailableError(
            'QUEUE_UNAVAILABLE',
            `Redis was not ready within ${timeoutMs / 1000} s.${why}`,
          ),
        );
      }, timeoutMs);
      ready = resolve;
      client.on('ready', ready);
    });
  } finally {
    clearTimeout(timer);
    client.off('error', remember);
    client.off('ready', ready);
  }
}

/**
 * Backoff of reconnects, a second at most because callers have a deadline. ioredis counts attempts
 * from 1: 100 ms at first.
 */
function reconnectDelay(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), maxReconnectDelayMs);
}

function hostAndPort(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
}
