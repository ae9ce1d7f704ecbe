import { expect, test } from 'vitest';
import { readServerConfig, readWorkerConfig } from '../../src/config.ts';

test('an empty environment listens on the loopback address and keeps nothing', () => {
  expect(readServerConfig({})).toEqual({
    listen: undefined,
    tokens: undefined,
    tokensFile: undefined,
    auditFile: undefined,
    keepContexts: false,
    recordSubjects: true,
    urgentTiers: [],
    logLevel: 'info',
    bodyLimitBytes: 20 << 20,
    maxInFlight: 512,
    queued: false,
  });
});

test('urgent tiers are a list, and where a worker answers probes an address', () => {
  expect(readServerConfig({ HOOKPOOL_URGENT_TIERS: 'system,global' }).urgentTiers).toEqual([
    'system',
    'global',
  ]);
  expect([
    readWorkerConfig({}).listen,
    readWorkerConfig({ HOOKPOOL_WORKER_LISTEN: '0.0.0.0:9465' }).listen,
  ]).toEqual([undefined, '0.0.0.0:9465']);
  expect(() => readWorkerConfig({ HOOKPOOL_WORKER_LISTEN: '9465' })).toThrow(
    'HOOKPOOL_WORKER_LISTEN',
  );
});

test.each(['HOOKPOOL_REDIS_URL', 'HOOKPOOL_REDIS_SENTINELS', 'HOOKPOOL_REDIS_CLUSTER'])(
  '%s sends jobs to workers',
  (name) => {
    expect(readServerConfig({ [name]: 'x' }).queued).toBe(true);
  },
);

test.each([
  ['HOOKPOOL_LISTEN', '4665'],
  ['HOOKPOOL_LISTEN', '::1:4665'],
  ['HOOKPOOL_TOKENS', ''],
  ['HOOKPOOL_KEEP_CONTEXTS', 'yes'],
  ['HOOKPOOL_LOG_LEVEL', 'loud'],
  ['HOOKPOOL_URGENT_TIERS', 'system,root'],
  ['HOOKPOOL_BODY_MIB', '0'],
  ['HOOKPOOL_MAX_IN_FLIGHT', '-1'],
])('%s=%j is refused by name', (name, value) => {
  expect(() => readServerConfig({ [name]: value })).toThrow(
    expect.objectContaining({ code: 'INVALID_CONFIG' }),
  );
  expect(() => readServerConfig({ [name]: value })).toThrow(name);
});
