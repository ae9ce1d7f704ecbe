/** Hooks of several documents may have the same name, and each record names the script that ran. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { DecisionRecord } from '../../src/dispatch/record.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import { sha256 } from '../../src/server/audit-record.ts';
import { appUnderTest } from './app-under-test.ts';

const agent = readFileSync(
  path.join(import.meta.dirname, '../../examples/extended-agent.yaml'),
  'utf8',
);
const event = { hook_event_name: 'PostToolUse', tool_name: 'x' };

/** Stores the agent, and a hook `system__guard` of each script as a document of its own. */
async function appWith(
  scripts: readonly string[],
  over: (at: number) => object,
  record?: DecisionRecord,
) {
  const under = appUnderTest(record === undefined ? {} : { backend: { record } });
  const put = (url: string, payload: string | object, headers = {}) =>
    under.app.inject({ method: 'PUT', url: `/api/v2/extendedAgent/${url}`, payload, headers });
  await put('agents/postgres_responder', agent, { 'content-type': 'application/yaml' });
  for (const [at, script] of scripts.entries()) {
    const hook = { name: 'system__guard', tier: 'system', matcher: '*', script, ...over(at) };
    const stored = await put(`hooks/set-${at}`, { hooks: { PostToolUse: [hook] } });
    expect(stored.statusCode, stored.body).toBe(201);
  }
  return under;
}

const scripts = ['echo {"decision":"allow"}', 'exit 0', 'exit 3'];
const hashOf = (script: string) => sha256(script);

it('each result has the hash of its own script', async () => {
  const { app, records } = await appWith(scripts, () => ({}));
  const payload = { context: event, hookset: 'postgres_responder' };
  await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  const hashes = records[0]?.hooks.map((hook) => 'scriptSha256' in hook && hook.scriptSha256);
  expect(hashes).toEqual(scripts.map(hashOf));
});

it('the only namesake that matched has the hash of its own script', async () => {
  const { app, records } = await appWith(scripts, (at) => ({ matcher: at === 1 ? 'x' : 'y' }));
  const payload = { context: event, hookset: 'postgres_responder' };
  await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect(records[0]?.hooks).toMatchObject([{ scriptSha256: hashOf('exit 0') }]);
});

it('a decision that another server made names no script where several hooks have the name', async () => {
  const named = { context: event, hookset: 'postgres_responder', evaluationId: 'e' };
  let made: Decision | undefined;
  const record: DecisionRecord = {
    find: async () => made,
    claim: async (_, decision) => {
      made = decision;
      return decision;
    },
  };
  const own = await appWith(scripts, () => ({}), record);
  const other = await appWith(scripts, () => ({}), record);
  for (const { app } of [own, other])
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: named });
  expect(own.records[0]?.hooks.map(({ kind }) => kind)).toEqual(['command', 'command', 'command']);
  expect(other.records[0]?.hooks.map(({ kind }) => kind)).toEqual([
    'unknown',
    'unknown',
    'unknown',
  ]);
});

it('an async hook that has ended has the hash of its own script', async () => {
  const { app, records } = await appWith(scripts, () => ({ async: true }));
  const payload = { context: event, hookset: 'postgres_responder' };
  await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  await vi.waitFor(() => expect(records.filter((one) => one.async === true).length).toBe(3));
  const hashes = records
    .filter((one) => one.async === true)
    .flatMap(({ hooks }) => hooks)
    .map((hook) => 'scriptSha256' in hook && hook.scriptSha256);
  expect(hashes.toSorted()).toEqual(scripts.map(hashOf).toSorted());
});
