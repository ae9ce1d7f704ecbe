/**
 * The minimum for an answer over HTTP and BullMQ: `server` adds a job to the queue, `worker` takes
 * it and returns an empty result. There are no hooks, checks or records. Arguments: the part, and
 * Redis' port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const name = 'floor';
const [part, port] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
const redis = new Redis(connection);
const kept = { removeOnComplete: { age: 60, count: 1_000 }, removeOnFail: true };

function serve(): void {
  const waiting = new Map<string, () => void>();
  const heard = new Redis(connection);
  heard.on('message', (_, id: string) => {
    waiting.get(id)?.();
    waiting.delete(id);
  });
  const queue = new Queue(name, { connection: redis });
  let count = 0;
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse(await text(request));
    const jobId = `j${++count}`;
    const done = new Promise<void>((resolve) => waiting.set(jobId, resolve));
    await queue.add(name, body, { jobId, priority: 2, ...kept });
    await done;
    response.setHeader('content-type', 'application/json');
    response.end('{"decision":"block"}');
  });
  void heard.subscribe(name).then(() => {
    server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
  });
}

function work(): void {
  const worker = new Worker(name, async ({ id }) => void redis.publish(name, String(id)), {
    connection,
    concurrency: 8,
  });
  void worker.waitUntilReady().then(() => console.log('ready'));
}

process.once('SIGTERM', () => process.exit());
if (part === 'server') serve();
else work();
