import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { examineJudges } from '../../src/cli/examine-judges.ts';
import { judgeMetrics } from '../../src/cli/judge-metrics.ts';
import { namedJudges, openJudges, projectsOf } from '../../src/cli/judges.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { MemoryCache } from '../../src/outbound/judges/cache.ts';
import { auditRecord } from '../../src/server/audit-record.ts';
import { certificate, certificateKey } from '../outbound/certificate.ts';
import { HostileServers } from '../outbound/hostile-servers.ts';
import { chat, http } from '../outbound/judges/rig.ts';

const planted = 'planted-secret-31ce';
const plantedPrompt = 'planted-prompt-5b0a';
const plantedData = 'planted-data-c41f';
const plantedAnswer = 'planted-answer-02dd';
let folder: string;
let servers: HostileServers;
const file = (name: string, text: string) => {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
};
const judgesFile = (port: number, more = '') => {
  process.env['PLANTED_KEY'] = `${planted}\n`;
  process.env['HOOKPOOL_JUDGES_FILE'] = file(
    'judges.yaml',
    `judges:\n  fast: {format: openai-chat, baseUrl: "https://127.0.0.1:${port}/v1", model: m, keyEnv: PLANTED_KEY, private: [127.0.0.0/8], tenants: ["*"], aliases: [ReasoningFast], caFile: ${file('ca.pem', certificate)}${more}}\nlimits: {perTenant: {callsPerMinute: 5}}\n`,
  );
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-judges-'));
  servers = new HostileServers();
});
afterEach(async () => {
  for (const name of ['HOOKPOOL_JUDGES_FILE', 'PLANTED_KEY']) delete process.env[name];
  rmSync(folder, { recursive: true });
  await servers.close();
});

it('without a judges file there are no judges', async () => {
  expect(await openJudges()).toBeUndefined();
  expect(await namedJudges()).toBeUndefined();
});

it('a hook asks its judge over TLS, and neither key nor prompt nor data stands in a record', async () => {
  let got = '';
  const port = await servers.serve(
    (socket) =>
      socket.on('data', (chunk) => {
        got += chunk;
        const verdict = JSON.stringify({ reason: 'policy 7', ok: false });
        socket.end(http({ ...chat(verdict), note: plantedAnswer }));
      }),
    { key: certificateKey, cert: certificate },
  );
  judgesFile(port);
  const set = parseHooksFile(
    'h',
    `hooks: {Stop: [{type: prompt, prompt: "${plantedPrompt} $ARGUMENTS"}]}`,
  );
  const hooks = set.hooks.map(({ hook }) => hook);
  const context = Buffer.from(JSON.stringify({ hook_event_name: 'Stop', x: plantedData }));
  const registry = new Registry();
  const judge = (await openJudges())?.(judgeMetrics(registry));
  const decision = await evaluate(
    { dialect: set.dialect, hooks, context },
    () => Promise.reject(new Error('no script')),
    { judge },
  );
  expect(decision).toMatchObject({ decision: 'block', reason: 'policy 7' });
  for (const one of [planted, plantedPrompt, plantedData]) expect(got).toContain(one);
  const record = auditRecord(
    {
      ...{ id: 'i', requestId: 'r', tenant: 'default', contextSha256: '', contextBytes: 0 },
      ...{ context: undefined, hooks },
    },
    decision,
    hooks,
  );
  const metrics = await registry.metrics();
  expect(metrics).toContain('hookpool_judge_tokens_total{judge="fast",kind="input"} 100');
  const told = JSON.stringify({ decision, record }) + metrics;
  for (const one of [planted, plantedPrompt, plantedData, plantedAnswer])
    expect(told).not.toContain(one);
  expect(record.hooks).toMatchObject([
    {
      kind: 'prompt',
      promptSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      asked: { judge: 'fast' },
    },
  ]);
});

it('the limits of tenants hold for what all processes have spent, where the process is told', async () => {
  judgesFile(1);
  const counts = {
    take: async () => ({ by: 'calls', count: 9 }) as const,
    add: () => expect.unreachable(),
  };
  const places = {
    take: async () => ({ release: undefined, restMs: 0, failures: 0 }),
    failed: () => expect.unreachable(),
    answered: () => expect.unreachable(),
    rest: () => expect.unreachable(),
  };
  const judge = (await openJudges())?.({}, { counts, cache: new MemoryCache(), places });
  const set = parseHooksFile('h', 'hooks: {Stop: [{type: prompt, prompt: p, failMode: block}]}');
  const hooks = set.hooks.map(({ hook }) => hook);
  const context = Buffer.from('{"hook_event_name":"Stop"}');
  const noScript = () => Promise.reject(new Error('no script'));
  const decision = await evaluate({ dialect: set.dialect, hooks, context }, noScript, { judge });
  expect(decision.results).toMatchObject([
    { decision: 'block', cause: { code: 'BUDGET_SPENT', message: expect.stringContaining(' 9 ') } },
  ]);
});

it.each([
  ['judges: {a: {format: x}}', /judges\.yaml:1:\d+.*judges\.a\.format/],
  ['judges: {a: {nope: 1}}', /Unknown key "nope"/],
  ['judges: []', /judges/],
  [
    'judges: {a: {format: azure, baseUrl: "https://a.test", model: m, tenants: ["*"], keyFile: /nowhere/key}}',
    /secret a cannot be read/,
  ],
  [
    'judges: {a: {format: azure, baseUrl: "https://a.test", model: m, tenants: ["*"], caFile: /nowhere/ca}}',
    /caFile \/nowhere\/ca is no file/,
  ],
])('a judges file that cannot be used is refused as a whole: %s', async (text, problem) => {
  process.env['HOOKPOOL_JUDGES_FILE'] = file('judges.yaml', text);
  await expect(openJudges()).rejects.toThrow(problem);
});

it('the project of an event is its workspace, or why there is none', async () => {
  const find = async (folder: string | undefined) =>
    folder === '/p/sub'
      ? { place: { workspace: '/p', cwd: folder }, id: '1:2' }
      : { missing: 'No workspace.' };
  const projectOf = projectsOf({ find });
  expect(await projectOf?.('/p/sub')).toMatchObject({
    cwd: '/p/sub',
  });
  expect(await projectOf?.('/x')).toEqual({ missing: 'No workspace.', isNamed: true });
  for (const none of [undefined, ''])
    expect(await projectOf?.(none)).toEqual({ missing: 'No workspace.', isNamed: false });
  expect(await projectsOf(undefined)?.('/p/sub')).toBeUndefined();
});

const no = http(chat('{"reason":"r","ok":false}'));
const yes = http(chat('{"reason":"r","ok":true}'));

it.each([
  ['a judge that is right twice', [no, yes], 'ok', 'held to json-schema'],
  ['a judge that lets a deletion pass', [yes], 'warn', 'judges "rm -rf /srv/'],
  ['a judge that objects to everything', [no, no], 'warn', '"ls -l /srv/data" wrongly'],
  ['prose', [http(chat('Yes.'))], 'fail', 'not held to a verdict'],
  ['a cut answer', [http(chat('{', { finish_reason: 'length' }))], 'fail', 'is cut'],
  ['a refusal', [http(chat('', { finish_reason: 'content_filter' }))], 'fail', 'refuses'],
  ['a refused key', [http({}, 401)], 'fail', 'its key is refused'],
])('doctor --judges tells of %s', async (_, answers, level, text) => {
  let asked = 0;
  const port = await servers.serve(
    (socket) => socket.once('data', () => socket.end(String(answers[asked++]))),
    { key: certificateKey, cert: certificate },
  );
  judgesFile(port);
  const [finding] = await examineJudges(new AbortController().signal);
  expect(finding).toMatchObject({ level, name: 'judge fast', text: expect.stringContaining(text) });
  expect(asked).toBe(answers.length);
  expect(JSON.stringify(finding)).not.toContain(planted);
});

it('doctor --judges needs a judges file', async () => {
  await expect(examineJudges(new AbortController().signal)).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
  });
});
