/**
 * Where a judge's key, prompts, contexts, transcripts and answers stand after a run: in the
 * question, and all but the key in the message of the job; in no log, error, record, answer or other
 * key. Needs `npm run build`, and no engine.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chat } from '../outbound/judges/rig.ts';
import { type OutboundRig, ok } from '../support/outbound-rig.ts';
import { dump } from '../support/redis-dump.ts';
import { WatchedRig } from '../support/watched-rig.ts';

const planted = { prompt: 'planted-prompt-1e', data: 'planted-data-2f' };
const plantedAnswer = 'planted-answer-4b';
let watched: WatchedRig;
let rig: OutboundRig;

beforeAll(async () => {
  watched = await WatchedRig.start();
  rig = watched.rig;
});
afterAll(() => watched.close());

test('a planted key and prompt are in the question alone, and the prompt in the message of its job', async () => {
  const worker = await rig.worker([], { HOOKPOOL_JUDGES_FILE: rig.judgesFile() });
  const no = chat('{"ok":false,"reason":"policy 7"}');
  const refusal = `HTTP/1.1 500 No\r\nContent-Length: 17\r\n\r\n${plantedAnswer}`;
  const wrongKey = `{"error": "${rig.secret} ${plantedAnswer}"}`;
  const answers = [
    ok({ ...no, note: plantedAnswer }),
    ok(chat('Not sure.')),
    ok(chat('Not sure.')),
    ...[refusal, refusal, refusal, undefined],
    `HTTP/1.1 401 No\r\nContent-Length: ${wrongKey.length}\r\n\r\n${wrongKey}`,
  ];
  rig.onRequest = ({ socket }, index) => {
    const answer = answers[index];
    if (answer !== undefined) socket.end(answer);
  };
  const hook = { type: 'prompt', prompt: `${planted.prompt} $ARGUMENTS`, url: undefined };
  const context = { hook_event_name: 'Stop', final_output: planted.data };
  const said: string[] = [];
  const ask = async (over: object = {}) => {
    const answer = await rig.ask({ ...hook, ...over }, { context });
    said.push(answer.text);
    const { evaluationId, results } = answer.body;
    said.push(await watched.record(evaluationId));
    return results[0].cause.code ?? results[0].reason;
  };
  const [name] = await rig.crew();
  expect(await ask()).toBe('policy 7');
  expect(said[0]).toContain(`"worker":"${name}"`);
  expect(await ask()).toBe('JUDGE_ANSWER_MALFORMED');
  expect(await ask()).toBe('JUDGE_UNAVAILABLE');
  expect(await ask({ timeout: 1 })).toBe('HOOK_TIMED_OUT');
  expect(await ask()).toBe('JUDGE_UNAVAILABLE');
  expect(await ask({ model: 'nobody' })).toBe('JUDGE_UNKNOWN');
  const [request] = rig.arrived;
  for (const text of [rig.secret, ...Object.values(planted)])
    expect(`${request?.head}\n${request?.body}`).toContain(text);

  const metrics = [
    (await rig.server.ask('GET', '/metrics')).text,
    await (await fetch(`${worker.url}/metrics`)).text(),
  ];
  expect(metrics[1]).toMatch(/^hookpool_judge_requests_total\{judge="fast"\} [1-9]/m);
  worker.child.kill('SIGTERM');
  expect(await worker.exited).toEqual([0, null]);
  expect(worker.log.join('\n')).toContain('the judge fast is not asked for 30 s: status 401');
  const written = [...said, rig.audit(), ...rig.server.log, ...worker.log, ...metrics].join('\n');
  for (const text of [rig.secret, plantedAnswer, ...Object.values(planted)])
    expect(written).not.toContain(text);

  const held = await rig.redis.use(dump);
  const jobs = /^\{hookpool\}:hooks-outbound:o[\w-]{43} data$/;
  expect(held.filter(([key]) => jobs.test(key)).length).toBe(6);
  for (const [key, value] of held) {
    expect([key, value.includes(rig.secret)]).toEqual([key, false]);
    const found = Object.values(planted).filter((text) => value.includes(text));
    if (!jobs.test(key)) expect([key, found]).toEqual([key, []]);
  }
  expect(watched.holding(rig.secret)).toEqual([]);
  for (const text of Object.values(planted)) {
    const found = watched.holding(text);
    expect(found.length).toBeGreaterThan(0);
    for (const args of found) expect(args.join(' ')).toContain('{hookpool}:hooks-outbound:');
  }
});
