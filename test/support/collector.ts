/** A collector of OpenTelemetry on a free port, which keeps what it is sent by OTLP over HTTP. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SeenSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** 2: an error. */
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Values;
  readonly resource: Values;
  readonly ms: number;
}

export interface SeenEvent {
  readonly eventName: string;
  readonly severityText: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes: Values;
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Spans and events are read from JSON; what comes as protobuf is in `received` only. */
export class Collector {
  readonly received: Received[] = [];
  /** False: it takes requests and never answers them. */
  answers = true;
  status = 200;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void buffer(request).then((body) => {
        this.received.push({ path: request.url ?? '', headers: request.headers, body });
        if (!this.answers) return;
        response.writeHead(this.status, { 'content-type': 'application/json' });
        response.end('{}');
      });
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    collector.#server.listen(0, '127.0.0.1');
    await once(collector.#server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The variables of a process that sends here, soon. */
  get env(): Record<string, string> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: this.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BLRP_SCHEDULE_DELAY: '50',
    };
  }

  get spans(): SeenSpan[] {
    return this.#read('/v1/traces', 'resourceSpans', 'scopeSpans', 'spans').map(
      ({ item, resource }) => ({
        ...item,
        status: item.status ?? { code: 0 },
        attributes: valuesOf(item.attributes),
        resource: valuesOf(resource),
        ms: (Number(item.endTimeUnixNano) - Number(item.startTimeUnixNano)) / 1e6,
      }),
    );
  }

  get events(): SeenEvent[] {
    return this.#read('/v1/logs', 'resourceLogs', 'scopeLogs', 'logRecords').map(({ item }) => ({
      ...item,
      attributes: valuesOf(item.attributes),
    }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #read(path: string, ofResource: string, ofScope: string, name: string): Item[] {
    return this.received
      .filter((one) => one.path === path && one.headers['content-type'] === 'application/json')
      .flatMap(({ body }) => JSON.parse(String(body))[ofResource])
      .flatMap((one) =>
        one[ofScope].flatMap((scope: Record<string, object[]>) =>
          (scope[name] ?? []).map((item) => ({ item, resource: one.resource.attributes })),
        ),
      );
  }
}

interface Item {
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of OTLP
  readonly item: any;
  readonly resource: readonly Pair[];
}

interface Pair {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number>>;
}

function valuesOf(pairs: readonly Pair[] = []): Values {
  return Object.fromEntries(
    pairs.map(({ key, value }) => {
      const [[kind, one] = []] = Object.entries(value);
      return [key, kind === 'intValue' ? Number(one) : one];
    }),
  );
}
