// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
/**
 * Where secrets, queries, headers and contexts of http hooks stand after a run: in the request, and
 * all but the secret in the message of the job; in no log, error, record, span, answer or other key.
 * Needs `npm run build`, and no engine.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Collector } from '../support/collector.ts';
import { type OutboundRig, ok } from '../support/outbound-rig.ts';
import { dump } from '../support/redis-dump.ts';
import { WatchedRig } from '../support/watched-rig.ts';

const planted = {
  query: 'planted-query-1a',
  header: 'planted-header-2b',
  payload: 'planted-payload-3c',
  prompt: 'planted-prompt-4d',
};
let watched: WatchedRig;
let rig: OutboundRig;
let collector: Collector;

beforeAll(async () => {
  collector = await Collector.start();
  watched = await WatchedRig.start(collector.env);
  rig = watched.rig;
});
afterAll(async () => {
  await watched.close();
  await collector.close();
});

test('planted texts are in the request and the message of its job, and nowhere else', async () => {
  const worker = await rig.worker([], collector.env);
  const answers = [
    ok({ flagged: true }),
    'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
    '',
    'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnope',
    // A target that repeats the key of its request.
    ok({ key: rig.secret }),
    undefined,
  ];
  rig.onRequest = ({ socket }, index) => {
    const answer = answers[index];
    if (answer !== undefined) socket.end(answer);
  };
  const hook = {
    url: `http://127.0.0.1:${rig.port}/check?token=${planted.query}`,
    headers: { 'X-Key': '${secret:k}', 'X-Plain': planted.header },
    payload: { text: planted.payload, prompt: '${prompt}' },
    verdict: { block: '/flagged' },
    timeout: 1,
  };
  const context = { hook_event_name: 'Stop', prompt: planted.prompt };
  const said: string[] = [];
  const ask = async (over: object) => {
    const answer = await rig.ask({ ...hook, ...over }, { context });
    said.push(answer.text);
    const { evaluationId } = answer.body;
    said.push(await watched.record(evaluationId));
    return answer.body.results[0].cause.code as string | undefined;
  };
  const codes: (string | undefined)[] = [];
  for (const _ of answers) codes.push(await ask({}));
  expect(codes).toEqual([
    undefined,
    'HTTP_STATUS',
    'TARGET_UNREACHABLE',
    'HTTP_BODY',
    'HTTP_BODY',
    'HOOK_TIMED_OUT',
  ]);
  expect(await ask({ headers: { 'X-Key': '${secret:unknown}' } })).toBe('SECRET_MISSING');
  expect(await ask({ url: `https://a.test/?token=${planted.query}` })).toBe('TARGET_NOT_ALLOWED');
  const [request] = rig.arrived;
  for (const text of [rig.secret, ...Object.values(planted)])
    expect(`${request?.head}\n${request?.body}`).toContain(text);

  const metrics = [
    (await rig.server.ask('GET', '/metrics')).text,
    await (await fetch(`${worker.url}/metrics`)).text(),
  ];
  worker.child.kill('SIGTERM');
  expect(await worker.exited).toEqual([0, null]);
  // Each of the 8 evaluations has three spans, the last one on the worker, in one trace.
  await expect.poll(() => collector.spans.length).toBe(24);
  const runs = collector.spans.filter(({ name }) => name === 'hookpool.run');
  expect(new Set(runs.map(({ traceId }) => traceId)).size).toBe(8);
  expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(8);
  const traced = collector.received.map(({ body }) => String(body));
  const logged = [...rig.server.log, ...worker.log];
  const written = [...said, rig.audit(), ...logged, ...metrics, ...traced].join('\n');
  expect(written).toContain('"asked"');
  for (const text of [rig.secret, ...Object.values(planted)]) expect(written).not.toContain(text);

  const held = await rig.redis.use(dump);
  const jobs = /^\{hookpool\}:hooks-outbound:o[\w-]{43} data$/;
  expect(held.filter(([key]) => jobs.test(key)).length).toBe(8);
  for (const [key, value] of held) {
    expect([key, value.includes(rig.secret)]).toEqual([key, false]);
    const found = Object.values(planted).filter((text) => value.includes(text));
    if (!jobs.test(key)) expect([key, found]).toEqual([key, []]);
  }
  // The secret was in no command either; the others in those that add a job.
  expect(watched.commands.length).toBeGreaterThan(50);
  expect(watched.holding(rig.secret)).toEqual([]);
  for (const text of Object.values(planted)) {
    const found = watched.holding(text);
    expect(found.length).toBeGreaterThan(0);
    for (const args of found) expect(args.join(' ')).toContain('{hookpool}:hooks-outbound:');
  }
});
