/**
 * The standard variables of OpenTelemetry
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, and
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Its packages would log a wrong one
 * and go on with a default; here each is checked when the process starts.
 */
import { readFileSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import { parseUrl } from '../../parse-url.ts';
import { type Env, firstOf, readOneOf, readPairs, readWhole, wrong } from './variables.ts';

const protocols = ['http/protobuf', 'http/json'] as const;
const compressions = ['none', 'gzip'] as const;
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Where spans or log events are sent, and how. */
export interface ExportSettings {
  readonly url: string;
  readonly protocol: (typeof protocols)[number];
  /** May hold keys of the collector. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one batch with its repetitions. */
  readonly timeoutMs: number;
  readonly compression: (typeof compressions)[number];
  /** PEM. */
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
  /** What waits here at most; more is dropped. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
}

export interface TracingSettings {
  /** Absent: no spans are made. */
  readonly traces: ExportSettings | undefined;
  /** Absent: no log events are made. */
  readonly logs: ExportSettings | undefined;
  readonly sampler: (typeof samplers)[number];
  /** Share of the traces that begin here; for the samplers with a ratio. */
  readonly ratio: number;
  /** Attributes of this process; `service.name` only where the operator names it. */
  readonly resource: Readonly<Record<string, string>>;
}

interface Signal {
  readonly name: 'TRACES' | 'LOGS';
  readonly path: string;
  /** Start of the names of the variables of its queue. */
  readonly queue: 'OTEL_BSP' | 'OTEL_BLRP';
  readonly delayMs: number;
}

const traces: Signal = { name: 'TRACES', path: 'v1/traces', queue: 'OTEL_BSP', delayMs: 5_000 };
const logs: Signal = { name: 'LOGS', path: 'v1/logs', queue: 'OTEL_BLRP', delayMs: 1_000 };
const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const defaultEndpoint = 'http://localhost:4318';
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * @returns undefined where no variable asks for OpenTelemetry
 * @throws InvalidInputError `INVALID_CONFIG` naming the variable, its value and the fix; of headers
 * the place of the value only
 */
export function readTracingSettings(env: Env = process.env): TracingSettings | undefined {
  if (readOneOf(env, ['OTEL_SDK_DISABLED'], ['true', 'false']) === 'true') return undefined;
  const [sendsTraces, sendsLogs] = [isAsked(env, traces), isAsked(env, logs)];
  if (!sendsTraces && !sendsLogs) return undefined;
  const service = firstOf(env, ['OTEL_SERVICE_NAME']);
  const given = readPairs(env, 'OTEL_RESOURCE_ATTRIBUTES', { keys: /^\S{1,255}$/, secret: false });
  return {
    traces: sendsTraces ? readExport(env, traces) : undefined,
    logs: sendsLogs ? readExport(env, logs) : undefined,
    sampler: readOneOf(env, ['OTEL_TRACES_SAMPLER'], samplers) ?? 'parentbased_always_on',
    ratio: readRatio(env),
    resource: service === undefined ? given : { ...given, 'service.name': service.value },
  };
}

/** An exporter that is named decides; else an address is enough. */
function isAsked(env: Env, { name }: Signal): boolean {
  const hint = ' hookpool sends to a collector by OTLP only.';
  const named = readOneOf(env, [`OTEL_${name}_EXPORTER`], ['otlp', 'none'], hint);
  if (named !== undefined) return named === 'otlp';
  return firstOf(env, [`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`, endpoint]) !== undefined;
}

function readExport(env: Env, signal: Signal): ExportSettings {
  const own = (what: string) => [
    `OTEL_EXPORTER_OTLP_${signal.name}_${what}`,
    `OTEL_EXPORTER_OTLP_${what}`,
  ];
  const hint = ' hookpool does not speak grpc: use the HTTP port of the collector, mostly 4318.';
  const [ofSignal = '', ofAll = ''] = own('HEADERS');
  const kind = { keys: headerName, secret: true };
  return {
    url: readUrl(env, signal),
    protocol: readOneOf(env, own('PROTOCOL'), protocols, hint) ?? 'http/protobuf',
    headers: { ...readPairs(env, ofAll, kind), ...readPairs(env, ofSignal, kind) },
    timeoutMs: readWhole(env, own('TIMEOUT'), [1, 600_000]) ?? 10_000,
    compression: readOneOf(env, own('COMPRESSION'), compressions) ?? 'none',
    tls: {
      ...readPem(env, 'ca', own('CERTIFICATE')),
      ...readPem(env, 'cert', own('CLIENT_CERTIFICATE')),
      ...readPem(env, 'key', own('CLIENT_KEY')),
    },
    ...readQueue(env, signal),
  };
}

function readQueue(env: Env, { queue, delayMs }: Signal) {
  const maxQueueSize = readWhole(env, [`${queue}_MAX_QUEUE_SIZE`], [1, 65_536]) ?? 2_048;
  const batch = readWhole(env, [`${queue}_MAX_EXPORT_BATCH_SIZE`], [1, maxQueueSize]);
  return {
    maxQueueSize,
    maxExportBatchSize: batch ?? Math.min(512, maxQueueSize),
    scheduledDelayMillis: readWhole(env, [`${queue}_SCHEDULE_DELAY`], [1, 600_000]) ?? delayMs,
    exportTimeoutMillis: readWhole(env, [`${queue}_EXPORT_TIMEOUT`], [1, 600_000]) ?? 30_000,
  };
}

/** The address of a signal is used as it is; the one of all signals gets the path of the signal. */
function readUrl(env: Env, { name, path }: Signal): string {
  const own = firstOf(env, [`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`]);
  const set = own ?? firstOf(env, [endpoint]) ?? { name: endpoint, value: defaultEndpoint };
  const url = parseUrl(set.value);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const shown = set.value.replace(/\/\/[^/@]*@/, '//…@');
    throw wrong(set.name, shown, `it must be a URL, as ${defaultEndpoint}.`);
  }
  if (own === undefined) url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.href;
}

function readPem(env: Env, key: string, names: readonly string[]): { [key: string]: Buffer } {
  const set = firstOf(env, names);
  if (set === undefined) return {};
  try {
    return { [key]: readFileSync(set.value) };
  } catch (error) {
    throw wrong(set.name, set.value, `it must be a file that can be read: ${messageOf(error)}.`);
  }
}

function readRatio(env: Env): number {
  const set = firstOf(env, ['OTEL_TRACES_SAMPLER_ARG']);
  if (set === undefined) return 1;
  const ratio = /^[\d.]+$/.test(set.value) ? Number(set.value) : Number.NaN;
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw wrong(set.name, set.value, 'it must be a number from 0 to 1.');
}
