/**
 * Prompt and agent hooks through Redis: `hookpool serve`, a worker with sandboxes, an outbound
 * worker and a stand-in for the judge on loopback. Needs `npm run build` and the engine.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { call, chat, http } from '../outbound/judges/rig.ts';
import { type Arrived, headerOf, OutboundRig } from '../support/outbound-rig.ts';
import { type RunningWorker, startWorker } from '../support/two-tenants/worker.ts';

const blog = path.join(import.meta.dirname, '../fixtures/azure-blog');
const read = (name: string) => readFileSync(path.join(blog, name), 'utf8');
let rig: OutboundRig;
let sandboxes: RunningWorker;
/** A folder that the worker with sandboxes may read. */
let project: string;

beforeAll(async () => {
  rig = await OutboundRig.start();
  project = mkdtempSync('/var/tmp/hookpool-judges-');
  chmodSync(project, 0o755);
  writeFileSync(path.join(project, 'slo.txt'), 'p95: 100 ms\n', { mode: 0o644 });
  sandboxes = await startWorker(rig.redis.url, 2, ['--workspace', project]);
});
afterEach(async () => {
  await rig.endWorkers();
  rig.arrived.length = 0;
});
afterAll(async () => {
  sandboxes.child.kill('SIGTERM');
  await sandboxes.exited;
  rmSync(project, { recursive: true });
  await rig.close();
});

const judging = () =>
  rig.worker([], { HOOKPOOL_TARGETS_FILE: undefined, HOOKPOOL_JUDGES_FILE: rig.judgesFile() });
const answering = (answer: (request: Arrived, index: number) => object) => {
  rig.onRequest = (request, index) => void request.socket.end(http(answer(request, index)));
};
const dataOf = ({ body }: Arrived) => String(JSON.parse(body).messages[1].content);
test('the three hooks of the blog work in one thread: guard, audit trail on demand, quality gate', async () => {
  await judging();
  // As the policy says: a section of each kind, and a number among the evidence.
  answering((request) => {
    const said = dataOf(request);
    const ok = ['## Root Cause', '## Recommended Actions'].every((one) => said.includes(one));
    const isFine = ok && /## Evidence[^#]*\d/.test(said);
    const reason = 'Your response needs more depth before it reaches the user.';
    return chat(JSON.stringify(isFine ? { ok: true, reason: 'fine' } : { ok: false, reason }));
  });
  const put = (place: string, file: string) =>
    rig.server.ask('PUT', `/api/v2/extendedAgent/${place}`, {
      text: read(file),
      headers: { 'content-type': 'application/yaml' },
    });
  expect((await put('agents/sre_analyst_agent', 'sre_analyst_agent.yaml')).status).toBe(201);
  expect((await put('hooks/sre_audit_trail', 'sre_audit_trail.yaml')).status).toBe(201);
  const ask = async (context: object, thread = 'incident-7') => {
    const json = { hookset: 'sre_analyst_agent', thread, context, verbose: true };
    return (await rig.server.ask('POST', '/v1/evaluate', { json })).body;
  };
  const tool = (command: string) => ({
    ...{ hook_event_name: 'PostToolUse', tool_name: 'Bash', tool_input: { command } },
    ...{ agent_name: 'sre_analyst_agent', current_turn: 3, tool_succeeded: true },
  });
  const restart = tool('az postgres flexible-server restart -g rg-octopets -n octopets-pg');

  expect((await ask(restart)).results).toMatchObject([{ hook: 'safety-guard' }]);
  const place = '/v1/threads/incident-7/hooks/sre_audit_trail';
  expect((await rig.server.ask('PUT', place)).status).toBe(204);
  const restarted = await ask(restart);
  const audit = '[AUDIT] Turn 3 | Agent: sre_analyst_agent | Tool: Bash | Success: True';
  const approved = expect.stringContaining('PostgreSQL server restart approved');
  // Of two contexts the dialect keeps the later one.
  expect(restarted).toMatchObject({
    ...{ decision: 'allow', additionalContext: audit },
    results: [
      { hook: 'safety-guard', decision: 'allow', additionalContext: approved },
      { hook: 'sre_audit_trail', tier: 'global', additionalContext: audit },
    ],
  });
  const deleted = await ask(tool('az postgres flexible-server delete -n octopets-pg'));
  expect(deleted).toMatchObject({ decision: 'block', decidedBy: 'safety-guard' });
  expect(deleted.reason).toContain('permanent server deletion');
  expect((await ask(restart, 'other')).results).toMatchObject([{ hook: 'safety-guard' }]);

  const stop = (final_output: string, stop_rejection_count: number) =>
    ask({ hook_event_name: 'Stop', final_output, stop_rejection_count });
  const steps = '## Recommended Actions\n1. az postgres flexible-server restart -n octopets-pg';
  const drafts = [
    'The database is slow.',
    `## Root Cause\nPool exhaustion.\n## Evidence\nMany connections.\n${steps}`,
    `## Root Cause\nPool exhaustion.\n## Evidence\n83 connections, P95 847 ms.\n${steps}`,
  ];
  const decisions: unknown[] = [];
  for (const [at, draft] of drafts.entries()) decisions.push(await stop(draft, at));
  expect(decisions).toMatchObject([
    { decision: 'block', reason: 'Your response needs more depth before it reaches the user.' },
    { decision: 'block', decidedBy: 'quality-gate' },
    {
      decision: 'none',
      results: [{ asked: { judge: 'fast', calls: 1, worker: expect.any(String) } }],
    },
  ]);
  expect(rig.arrived.length).toBe(3);
  expect(rig.arrived.map((one) => headerOf(one, 'authorization'))).toEqual(
    Array(3).fill(`Bearer ${rig.secret}`),
  );
  await expect.poll(() => rig.audit()).toContain('"judge":"fast"');
  for (const text of [rig.secret, 'You are a quality gate'])
    expect(rig.audit()).not.toContain(text);
});

test("a judge's tools run on the worker with sandboxes, which reads the transcript and the project", async () => {
  await judging();
  answering((request, index) => {
    if (index === 0) return call('GrepSearch', { file: 'transcript', pattern: 'p95' });
    if (index === 1) return call('Bash', { script: 'wc -c; yes | head -c 50000' });
    if (index === 2) return call('ReadFile', { file: 'slo.txt' });
    const found = /p95 120 ms.*p95: 100 ms/s.test(dataOf(request));
    return chat(JSON.stringify({ ok: !found, reason: 'The transcript says 120 ms, not 847 ms.' }));
  });
  const tools = ['GrepSearch', 'Bash', 'ReadFile'];
  const hook = { type: 'agent', prompt: 'Is it true?', tools, timeout: 30 };
  const context = { hook_event_name: 'Stop', final_output: 'P95 is 847 ms.', cwd: project };
  const transcript = 'TOOL: p95 120 ms\n';
  const { body } = await rig.ask({ ...hook, url: undefined }, { context, transcript });
  expect(body).toMatchObject({
    ...{ decision: 'block', reason: 'The transcript says 120 ms, not 847 ms.' },
    results: [
      {
        asked: {
          calls: 4,
          tools: [
            { name: 'GrepSearch', status: 'exited' },
            { name: 'Bash', status: 'exited', bytes: expect.any(Number) },
            { name: 'ReadFile', status: 'exited' },
          ],
        },
      },
    ],
  });
  expect(body.results[0].asked.tools[1].bytes).toBeLessThan(17_000);
  expect(dataOf(rig.arrived[2] as Arrived)).toContain('[cut after 16384 bytes]');
});

test('a set is stored with a warning for each judge that no outbound worker has', async () => {
  await judging();
  const hook = (model: string) => ({ type: 'prompt', prompt: 'p', model });
  const json = { hooks: { Stop: [hook('fast'), hook('slow')] } };
  const { status, body } = await rig.server.ask('PUT', '/v1/hooksets/known', { json });
  expect([status, body.warnings]).toEqual([
    201,
    [
      {
        ...{ line: 1, column: expect.any(Number) },
        message: expect.stringMatching(
          /^No outbound worker has a judge "slow" for tenant \w+ now\. The tenant has ReasoningFast, fast\. /,
        ),
      },
    ],
  ]);
});

test('a question that may have been asked is not asked again when its worker is killed', async () => {
  await judging();
  rig.onRequest = () => undefined;
  const hook = { type: 'prompt', prompt: 'Is it fine?', timeout: 20 };
  const answer = rig.ask({ ...hook, url: undefined });
  await rig.untilArrived(1);
  await rig.endWorkers();
  // A second question would find this one.
  await judging();
  const { body } = await answer;
  expect(body).toMatchObject({ decision: 'block', results: [{ cause: { code: 'WORKER_LOST' } }] });
  expect(rig.arrived.length).toBe(1);
});
