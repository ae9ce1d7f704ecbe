/** What ioredis is given of the settings. */
import { expect, it } from 'vitest';
import { redisOptions } from '../../src/redis/connection.ts';

it('a URL gives address, user, password and database', () => {
  expect(redisOptions({ url: 'redis://me:p%40ss@[::1]:7000/3' }, 'worker')).toMatchObject({
    host: '::1',
    port: 7000,
    username: 'me',
    password: 'p@ss',
    db: 3,
    maxRetriesPerRequest: null,
  });
  expect(redisOptions({ url: 'redis://redis.example' }, 'worker')).toMatchObject({
    host: 'redis.example',
    port: 6379,
    db: 0,
  });
});

it('rediss is TLS', () => {
  expect(redisOptions({ url: 'rediss://h' }, 'producer')).toMatchObject({ tls: {} });
  expect(redisOptions({ url: 'redis://h' }, 'producer')).not.toHaveProperty('tls');
});

it('rediss behind sentinels is TLS to the master and to the sentinels', () => {
  const options = redisOptions({ url: 'rediss://unused', sentinels: ['a:1'] }, 'worker');
  expect(options).toMatchObject({ tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true });
});

it('authorities that cannot be read are an error that names the setting', () => {
  const open = () => redisOptions({ url: 'rediss://h', caFile: '/no/such.pem' }, 'worker');
  expect(open).toThrow(/HOOKPOOL_REDIS_CA_FILE: .*\/no\/such\.pem/);
});

it('sentinels replace the address and keep the password', () => {
  const settings = {
    url: 'redis://:secret@unused/1',
    sentinels: ['a:1', 'b:2'],
    sentinelMaster: 'main',
  };
  const options = redisOptions(settings, 'worker');
  const sentinels = [
    { host: 'a', port: 1 },
    { host: 'b', port: 2 },
  ];
  expect(options).toMatchObject({ sentinels, name: 'main', password: 'secret', db: 1 });
  expect(options).not.toHaveProperty('host');
});

it('a producer fails fast', () => {
  const options = redisOptions({ url: 'redis://h' }, 'producer');
  expect(options).toMatchObject({
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1_500,
  });
});

it('reconnects soon at first and every second later, for ever', () => {
  const { retryStrategy } = redisOptions({ url: 'redis://h' }, 'worker');
  expect([1, 2, 3, 10, 10_000].map((attempt) => retryStrategy?.(attempt))).toEqual([
    100, 200, 400, 1000, 1000,
  ]);
});
