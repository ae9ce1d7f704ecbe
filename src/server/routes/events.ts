/** GET /v1/events: what happens, while it happens, as server-sent events. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { EventHub } from '../event-hub.ts';
import { EventStream } from '../event-stream.ts';
import { HttpError } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import { tenantOfQuery } from '../request-input.ts';
import { tenantQuery } from '../request-schemas.ts';
import { Places, type TenantShares } from '../shares.ts';

/** Streams of all tenants together; one tenant has at most half of them. */
const streamsMost = 32;

export const eventOperations = {
  events: {
    method: 'get',
    path: '/v1/events',
    about: 'Evaluations and changes of hook sets as they happen, as server-sent events.',
    role: 'view',
    query: tenantQuery,
    headers: ['Last-Event-ID'],
    answers: { 200: { type: 'text/event-stream' } },
  },
} as const satisfies Operations;

export function eventRoutes(app: FastifyInstance, hub: EventHub, shares: TenantShares): void {
  const streams = new Set<EventStream>();
  const places = new Places(streamsMost, shares);
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });
  register(app, eventOperations, {
    events: ({ request, reply, query }) => {
      const tenant = tenantOfQuery(request, query);
      if (places.take(tenant) !== undefined) {
        const text = `As many streams are open as there may be: ${streamsMost}, and half of them of one tenant.`;
        throw new HttpError(503, 'OVERLOADED', text);
      }
      const last = request.headers['last-event-id'];
      const stream = open(reply);
      streams.add(stream);
      const missed = typeof last === 'string' ? hub.since(tenant, last) : [];
      if (missed === undefined) stream.tellDropped(0);
      for (const event of missed ?? []) stream.send(event);
      const unsubscribe = hub.subscribe(tenant, (event) => stream.send(event));
      reply.raw.once('close', () => {
        unsubscribe();
        streams.delete(stream);
        places.giveBack(tenant);
      });
      return reply;
    },
  });
}

function open(reply: FastifyReply): EventStream {
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': reply.request.id,
    // nginx would hold events back.
    'x-accel-buffering': 'no',
  });
  const stream = new EventStream(reply.raw);
  // The first bytes tell the reader that the stream is open.
  reply.raw.write(': open\n\n');
  return stream;
}
