import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

const mebibyte = 1024 * 1024;

it('an empty environment gives the defaults', () => {
  expect(readConfig({})).toEqual({
    image: undefined,
    ociRuntime: undefined,
    warm: 1,
    max: 8,
    isolation: 'tenant',
    memoryBytes: 256 * mebibyte,
    redis: {
      url: 'redis://127.0.0.1:6379',
      sentinels: undefined,
      sentinelMaster: 'mymaster',
      cluster: undefined,
      caFile: undefined,
    },
    queue: 'hooks',
  });
});

it('every variable is read, and others are left alone', () => {
  const env = {
    HOOKPOOL_IMAGE: 'registry/hookpool:1',
    HOOKPOOL_OCI_RUNTIME: 'runsc',
    HOOKPOOL_WARM: '0',
    HOOKPOOL_MAX: '256',
    HOOKPOOL_ISOLATION: 'job',
    HOOKPOOL_MEMORY_MIB: '1024',
    HOOKPOOL_REDIS_URL: 'rediss://user:secret@redis.example:6380/3',
    HOOKPOOL_REDIS_SENTINELS: 'one:26379,two:26379',
    HOOKPOOL_REDIS_MASTER: 'main',
    HOOKPOOL_REDIS_CLUSTER: 'three:7000',
    HOOKPOOL_REDIS_CA_FILE: '/etc/redis/ca.pem',
    HOOKPOOL_QUEUE: 'guards',
    HOOKPOOL_OTHER: 'x',
    PATH: '/bin',
  };
  expect(readConfig(env)).toEqual({
    image: 'registry/hookpool:1',
    ociRuntime: 'runsc',
    warm: 0,
    max: 256,
    isolation: 'job',
    memoryBytes: 1024 * mebibyte,
    redis: {
      url: 'rediss://user:secret@redis.example:6380/3',
      sentinels: ['one:26379', 'two:26379'],
      sentinelMaster: 'main',
      cluster: ['three:7000'],
      caFile: '/etc/redis/ca.pem',
    },
    queue: 'guards',
  });
});

it.each(['64', '2048', '4096', '16384'])('%s MiB are exact bytes', (value) => {
  expect(readConfig({ HOOKPOOL_MEMORY_MIB: value }).memoryBytes).toBe(Number(value) * mebibyte);
});

it('the configuration cannot be changed', () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

it('without an argument the environment of the process is read', () => {
  expect(readConfig().max).toBeGreaterThan(0);
});

it.each([
  ['HOOKPOOL_IMAGE', ''],
  ['HOOKPOOL_OCI_RUNTIME', ''],
  ['HOOKPOOL_WARM', '-1'],
  ['HOOKPOOL_WARM', '65'],
  ['HOOKPOOL_WARM', '1.5'],
  ['HOOKPOOL_WARM', 'many'],
  ['HOOKPOOL_WARM', ''],
  ['HOOKPOOL_WARM', ' '],
  ['HOOKPOOL_WARM', '0x10'],
  ['HOOKPOOL_MAX', '1e2'],
  ['HOOKPOOL_MAX', ' 8'],
  ['HOOKPOOL_MEMORY_MIB', ''],
  ['HOOKPOOL_MAX', '0'],
  ['HOOKPOOL_MAX', '257'],
  ['HOOKPOOL_MAX', ''],
  ['HOOKPOOL_ISOLATION', 'Tenant'],
  ['HOOKPOOL_ISOLATION', ''],
  ['HOOKPOOL_MEMORY_MIB', '63'],
  ['HOOKPOOL_MEMORY_MIB', '16385'],
  ['HOOKPOOL_MEMORY_MIB', '256m'],
  ['HOOKPOOL_REDIS_URL', 'http://127.0.0.1:6379'],
  ['HOOKPOOL_REDIS_URL', '127.0.0.1:6379'],
  ['HOOKPOOL_REDIS_SENTINELS', 'one'],
  ['HOOKPOOL_REDIS_CLUSTER', 'one:1,'],
  ['HOOKPOOL_QUEUE', 'a:b'],
])('%s=%j is refused by name', (name, value) => {
  const attempt = () => readConfig({ [name]: value });
  expect(attempt).toThrow(
    expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_CONFIG' }),
  );
  expect(attempt).toThrow(new RegExp(name));
});

it('every bad variable is named at once', () => {
  const attempt = () => readConfig({ HOOKPOOL_WARM: '65', HOOKPOOL_MAX: '0' });
  expect(attempt).toThrow(/HOOKPOOL_WARM.*HOOKPOOL_MAX/);
});

it('a password is never shown', () => {
  const attempt = () => readConfig({ HOOKPOOL_REDIS_URL: 'http://user:secret-word@host' });
  expect(attempt).toThrow(/HOOKPOOL_REDIS_URL.*user:…@host/);
});
