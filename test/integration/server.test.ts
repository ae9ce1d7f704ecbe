/** `hookpool serve` from outside, with the real engine. Needs `npm run build`. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hookpool } from '../support/cli.ts';
import { compiled } from '../support/compiled.ts';
import { type RunningServer, startServer } from '../support/server.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, 'examples', file), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-server-'));
const auditFile = path.join(folder, 'audit.jsonl');
const admin = { authorization: 'Bearer admin-token-0123456789' };
const runner = { authorization: 'Bearer runner-token-0123456789' };
const guard = parse(read('sre-safety-guard/hooks.yaml')).hooks;
const yaml = { 'content-type': 'application/yaml' };
let server: RunningServer;

beforeAll(async () => {
  const tokens = path.join(folder, 'tokens.yaml');
  writeFileSync(
    tokens,
    `- {token: admin-token-0123456789, tenant: blue, role: admin}
- {token: runner-token-0123456789, tenant: blue, role: evaluate}
`,
  );
  server = await startServer(['--tokens', tokens, '--audit', auditFile, '--keep-contexts'], {
    HOOKPOOL_BODY_MIB: '1',
  });
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  rmSync(folder, { recursive: true });
});

describe('POST /v1/evaluate', () => {
  test.each([
    ['blocks-rm-rf.json', 'block'],
    ['allows-restart.json', 'allow'],
    ['passes-read-only-query.json', 'none'],
  ])('%s is decided: %s', async (file, decision) => {
    const json = { hooks: guard, context: JSON.parse(read(`sre-safety-guard/events/${file}`)) };
    const answer = await server.ask('POST', '/v1/evaluate', { json, headers: runner });
    expect([answer.status, answer.body]).toMatchObject([200, { decision, v: 1, dialect: 'azure' }]);
  });

  test('the script reads the context byte for byte', async () => {
    const context = '{"hook_event_name" : "Stop", "n":12345678901234567890.10,"é":1 }';
    const hooks = { Stop: [{ name: 'reader', command: 'cat >&2; exit 2' }] };
    const body = `{"context":${context},"hooks":${JSON.stringify(hooks)}}`;
    const headers = { ...runner, 'content-type': 'application/json' };
    expect((await server.ask('POST', '/v1/evaluate', { text: body, headers })).body.reason).toBe(
      context,
    );
  });

  test('a script that does not parse is refused with its place', async () => {
    const hooks = { Stop: [{ script: 'if true; then' }] };
    const json = { hooks, context: { hook_event_name: 'Stop' } };
    const answer = await server.ask('POST', '/v1/evaluate', { json, headers: runner });
    expect([answer.status, answer.body.error]).toMatchObject([
      400,
      { code: 'INVALID_HOOKS', pointer: '/hooks/Stop/0/script' },
    ]);
  });

  test.each([
    ['no token', {}, { context: {}, hooks: {} }, 401, 'UNAUTHENTICATED'],
    ['another tenant', runner, { context: {}, hooks: {}, tenant: 'red' }, 403, 'FORBIDDEN'],
    ['no context', runner, { hooks: {} }, 400, 'INVALID_REQUEST'],
    ['a large body', runner, { context: 'x'.repeat(1 << 20), hooks: {} }, 413, 'TOO_LARGE'],
  ])('%s', async (_, headers, json, status, code) => {
    const answer = await server.ask('POST', '/v1/evaluate', { json, headers });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});

test('POST /v1/run gives the facts of a run', async () => {
  const json = {
    runtime: 'python3',
    script: 'print(input()[::-1])\nraise SystemExit(3)',
    stdin: 'abc',
    isolation: 'job',
  };
  const answer = await server.ask('POST', '/v1/run', { json, headers: runner });
  expect([answer.status, answer.body]).toMatchObject([
    200,
    { status: 'exited', exitCode: 3, stdout: 'cba\n', stderr: '' },
  ]);
  const late = { script: 'sleep 9', timeoutMs: 100 };
  expect((await server.ask('POST', '/v1/run', { json: late, headers: runner })).body.status).toBe(
    'timed-out',
  );
});

test('a hook set is changed under its entity tag and evaluated by its name', async () => {
  const place = '/v1/hooksets/guard';
  const put = (headers = {}) =>
    server.ask('PUT', place, {
      text: read('sre-safety-guard/hooks.yaml'),
      headers: { ...admin, ...yaml, ...headers },
    });
  const first = await put();
  expect(first.status).toBe(201);
  expect((await put({ 'if-match': String(first.headers.get('etag')) })).status).toBe(200);
  expect((await put({ 'if-match': String(first.headers.get('etag')) })).status).toBe(412);
  expect((await server.ask('GET', place, { headers: admin })).text).toBe(
    read('sre-safety-guard/hooks.yaml'),
  );
  const json = {
    hookset: 'guard',
    context: read('sre-safety-guard/events/blocks-rm-rf.json'),
    evaluationId: 'call_7e10',
  };
  const answer = await server.ask('POST', '/v1/evaluate', { json, headers: runner });
  expect(answer.body).toMatchObject({
    decision: 'block',
    decidedBy: 'sre-safety-guard',
    evaluationId: 'call_7e10',
  });
  const record = await server.ask('GET', '/v1/evaluations/call_7e10', { headers: admin });
  expect(record.body).toMatchObject({
    tenant: 'blue',
    hookset: 'guard',
    decision: 'block',
    context: json.context,
  });
  const replay = await server.ask('POST', '/v1/evaluations/call_7e10/replay', { headers: admin });
  expect(replay.body).toMatchObject({ same: true, first: 'block' });
  expect(
    (await server.ask('PUT', place, { text: 'hooks: {}', headers: { ...runner, ...yaml } })).status,
  ).toBe(403);
  expect((await server.ask('DELETE', place, { headers: admin })).status).toBe(204);
});

test("Azure's documents are sent unchanged; the on-demand hook runs where it is switched on", async () => {
  const put = (place: string, file: string) =>
    server.ask('PUT', `/api/v2/extendedAgent/${place}`, {
      text: read(file),
      headers: { ...admin, ...yaml },
    });
  expect((await put('agents/postgres_responder', 'extended-agent.yaml')).status).toBe(201);
  expect((await put('hooks/tool-audit', 'global-hook.yaml')).status).toBe(201);
  const context = JSON.parse(read('audit-trail/events/notes-failed-restart.json'));
  const json = { hookset: 'postgres_responder', thread: 'thread-1', context };
  const ask = () => server.ask('POST', '/v1/evaluate', { json, headers: runner });
  expect((await ask()).body.results).toEqual([]);
  expect(
    (await server.ask('PUT', '/v1/threads/thread-1/hooks/tool-audit', { headers: runner })).status,
  ).toBe(204);
  expect((await ask()).body).toMatchObject({ results: [{ hook: 'tool-audit', tier: 'global' }] });
  expect(
    (await server.ask('DELETE', '/v1/threads/thread-1/hooks/tool-audit', { headers: runner }))
      .status,
  ).toBe(204);
  expect((await ask()).body.results).toEqual([]);
  const stop = {
    hookset: 'postgres_responder',
    context: { hook_event_name: 'Stop', final_output: '' },
  };
  expect(
    (await server.ask('POST', '/v1/evaluate', { json: stop, headers: runner })).body.decision,
  ).toBe('block');
});

test('health, readiness, metrics and documents', async () => {
  expect((await server.ask('GET', '/healthz')).status).toBe(200);
  expect(await server.ask('GET', '/readyz')).toMatchObject({
    status: 200,
    body: { status: 'ready' },
  });
  expect((await server.ask('GET', '/metrics')).status).toBe(401);
  const { text: metrics } = await server.ask('GET', '/metrics', { headers: runner });
  expect(metrics).toMatch(/hookpool_evaluations_total\{decision="block",cause="exit-code"\} [1-9]/);
  expect(metrics).toMatch(/hookpool_container_creation_seconds_count\{profile="small"\} [1-9]/);
  expect(metrics).toMatch(/hookpool_pool_sandboxes\{state="idle"\} \d/);
  expect((await server.ask('GET', '/openapi.json')).body.openapi).toBe('3.1.0');
  expect((await server.ask('GET', '/docs')).text).toContain('/v1/evaluate');
});

describe('the client in', () => {
  const clients = path.join(root, 'examples/clients');
  const hooks = path.join(folder, 'hooks.json');
  const start = async (command: string, file: string, event: string) => {
    writeFileSync(hooks, JSON.stringify({ hooks: guard }));
    const context = path.join(root, 'examples/sre-safety-guard/events', event);
    const env = {
      ...process.env,
      HOOKPOOL_URL: server.url,
      HOOKPOOL_TOKEN: 'runner-token-0123456789',
    };
    const source = path.join(clients, file);
    const client = file.endsWith('.ts') ? await compiled(source) : source;
    const child = spawn(command, [client, hooks, context], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const code = new Promise((resolve) => child.on('close', resolve));
    return Promise.all([code, text(child.stdout)]);
  };

  test.each([
    ['TypeScript', process.execPath, 'client.ts'],
    ['Python', 'python3', 'client.py'],
    ['bash', 'bash', 'client.sh'],
  ])('%s exits with 2 for a block and with 0 for an allow', async (_, command, file) => {
    expect(await start(command, file, 'blocks-rm-rf.json')).toEqual([
      2,
      expect.stringMatching(/^block .*forced rm/),
    ]);
    expect(await start(command, file, 'allows-restart.json')).toEqual([
      0,
      expect.stringMatching(/^allow/),
    ]);
  });
});

test('the audit trail is one whole record per line, and nothing of it is in the log', () => {
  const lines = readFileSync(auditFile, 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line));
  expect(records.length).toBeGreaterThan(10);
  expect(new Set(records.map(({ tenant }) => tenant))).toEqual(new Set(['blue']));
  const log = server.log.join('\n');
  expect(log).not.toMatch(/pg_wal|final_output|token-0123456789|#!\//);
  for (const line of server.log) expect(() => JSON.parse(line)).not.toThrow();
});

test.each([
  [['--listen', '0.0.0.0:0'], {}, /0\.0\.0\.0.*--tokens/],
  [['--listen', '[::]:0'], {}, /--tokens/],
  [['--listen', 'nonsense'], {}, /HOST:PORT/],
  [['--listen', '127.0.0.1:99999'], {}, /HOST:PORT/],
  [['--tokens', '/nowhere'], {}, /Cannot read the tokens/],
  [['--audit', '/nowhere/audit'], {}, /Cannot write the audit trail/],
  [[], { HOOKPOOL_TOKENS: '[]' }, /at least one token/],
  [[], { HOOKPOOL_LOG_LEVEL: 'loud' }, /HOOKPOOL_LOG_LEVEL/],
  [['extra'], {}, /Unexpected argument/],
])('serve %j with %j is refused with exit code 64', async (args, env, said) => {
  const result = await hookpool(['serve', ...args], '', env);
  expect([result.code, result.stdout]).toEqual([64, '']);
  expect(result.stderr).toMatch(said);
});
