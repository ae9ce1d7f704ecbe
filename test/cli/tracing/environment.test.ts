import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readTracingSettings } from '../../../src/cli/tracing/environment.ts';
import { hookpoolHere } from '../../support/cli-here.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

test.each([
  ['nothing', {}],
  ['another variable', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'unknown' }],
  ['an empty address', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
  ['the switch', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }],
  ['no exporter', { ...endpoint, OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }],
])('%s asks for no tracing', (_, env) => {
  expect(readTracingSettings(env)).toBeUndefined();
});

describe('what asks for tracing', () => {
  it('is an address, which both signals use below its path', () => {
    const settings = readTracingSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:pass@collector/otlp/?a=b',
      OTEL_SDK_DISABLED: 'false',
    });
    expect(settings?.traces).toMatchObject({
      url: 'https://user:pass@collector/otlp/v1/traces?a=b',
      protocol: 'http/protobuf',
      headers: {},
      timeoutMs: 10_000,
      compression: 'none',
      tls: {},
      ...{ maxQueueSize: 2_048, maxExportBatchSize: 512 },
      ...{ scheduledDelayMillis: 5_000, exportTimeoutMillis: 30_000 },
    });
    expect(settings?.logs).toMatchObject({
      url: 'https://user:pass@collector/otlp/v1/logs?a=b',
      scheduledDelayMillis: 1_000,
    });
    expect(settings).toMatchObject({ sampler: 'parentbased_always_on', ratio: 1, resource: {} });
  });

  it('is an exporter, which sends to this machine where there is no address', () => {
    const settings = readTracingSettings({ OTEL_TRACES_EXPORTER: 'otlp' });
    expect(settings?.traces?.url).toBe('http://localhost:4318/v1/traces');
    expect(settings?.logs).toBeUndefined();
  });

  it('is the address of one signal, which is used as it is', () => {
    const settings = readTracingSettings({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://logs:1/in' });
    expect(settings?.logs?.url).toBe('http://logs:1/in');
    expect(settings?.traces).toBeUndefined();
  });
});

test('variables of a signal go before those of all, and headers of both are sent', () => {
  const settings = readTracingSettings({
    ...endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'HTTP/protobuf',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%2Cb, x = y ',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x=z',
    OTEL_EXPORTER_OTLP_TIMEOUT: '250',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
    OTEL_SERVICE_NAME: 'guards',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=no,deployment.environment.name=caf%C3%A9',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  });
  const { traces, logs, ...others } = settings ?? expect.unreachable();
  expect(traces).toMatchObject({
    protocol: 'http/protobuf',
    headers: { 'api-key': 'a,b', x: 'z' },
    timeoutMs: 250,
    compression: 'gzip',
    maxQueueSize: 100,
    maxExportBatchSize: 100,
  });
  expect(logs).toMatchObject({ protocol: 'http/json', headers: { 'api-key': 'a,b', x: 'y' } });
  expect(others).toEqual({
    sampler: 'parentbased_traceidratio',
    ratio: 0.25,
    resource: { 'service.name': 'guards', 'deployment.environment.name': 'café' },
  });
});

test('docs/tracing.md names the variables that are read, and no other', () => {
  const seen = new Set<string>();
  const asking: Record<string, string> = {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
  };
  readTracingSettings(
    new Proxy(asking, {
      get: (env, name) => {
        seen.add(String(name));
        return env[String(name)];
      },
    }),
  );
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/tracing.md'), 'utf8');
  const named = (page.match(/^\| `OTEL_.*/gm) ?? []).flatMap(
    (row) => row.match(/`OTEL_[A-Z_]+`/g)?.map((name) => name.slice(1, -1)) ?? [],
  );
  const all = named.flatMap((name) => [
    name,
    ...['TRACES', 'LOGS'].map((one) => name.replace(/(?<=_OTLP_)/, `${one}_`)),
    name.replace('_BSP_', '_BLRP_'),
  ]);
  expect([...seen].toSorted()).toEqual([...new Set(all)].toSorted());
});

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['OTEL_SDK_DISABLED', 'yes', /true or false/],
  ['OTEL_TRACES_EXPORTER', 'jaeger', /otlp or none.*OTLP only/],
  ['OTEL_LOGS_EXPORTER', 'console', /otlp or none/],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', /a URL, as http:\/\/localhost:4318/],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'file:///x', /a URL/],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', /http\/protobuf or http\/json.*4318/],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '0', /whole number from 1 to 600000/],
  ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', '1e3', /whole number/],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', /none or gzip/],
  ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/no/such.pem', /a file that can be read: ENOENT/],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '100000000', /from 1 to 65536/],
  ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '2049', /from 1 to 2048/],
  ['OTEL_BLRP_SCHEDULE_DELAY', '-1', /whole number/],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote', /always_on or always_off or traceidratio/],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5', /a number from 0 to 1/],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz', /KEY=VALUE.*%2C/],
];

test.each(wrong)('%s=%s is refused with its name, its value and the fix', (name, value, fix) => {
  const read = () => readTracingSettings({ ...endpoint, [name]: value });
  expect(read).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }));
  expect(read).toThrow(name);
  expect(read).toThrow(JSON.stringify(value));
  expect(read).toThrow(fix);
});

test.each(['planted', 'ok=1,bad key=planted', 'a=planted%0d%0aX: y', 'a=planted%'])(
  'headers that cannot be used are refused without their value: %s',
  (value) => {
    const read = () => readTracingSettings({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: value });
    expect(read).toThrow(/OTEL_EXPORTER_OTLP_HEADERS must be .* Its entry [12] is none/);
    expect(read).not.toThrow(/planted/);
  },
);

test('the password of an address that cannot be used is not shown', () => {
  const url = 'ftp://user:planted@host';
  const read = () => readTracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
  expect(read).toThrow('"ftp://…@host"');
});

test.each(['serve', 'worker'])(
  'hookpool %s does not start with a wrong variable',
  async (command) => {
    const env = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    const { code, stderr } = await hookpoolHere([command], '', env);
    expect([code, stderr]).toEqual([64, expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL')]);
  },
  // Each command loads its modules.
  60_000,
);
