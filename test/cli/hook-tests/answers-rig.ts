/** Runs cases with prompt and http hooks on a judge and a service of this machine. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import type { TestCase } from '../../../src/cli/hook-tests/load-suites.ts';
import { Recordings } from '../../../src/cli/hook-tests/recordings.ts';
import type { CaseResult } from '../../../src/cli/hook-tests/result.ts';
import type { AnswerSource } from '../../../src/cli/hook-tests/run-case.ts';
import { type RunCasesOptions, runCases } from '../../../src/cli/hook-tests/run-cases.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { Judges } from '../../../src/outbound/judges/judges.ts';
import { judgesSettingsSchema } from '../../../src/outbound/judges/settings.ts';
import { Targets, targetSchema } from '../../../src/outbound/targets.ts';

const dialect = findDialect('azure');
/** The key of the judge, and the secret of the service. */
export const key = 'sk-judge-key-0123456789';

/** A folder that is removed after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-answers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function testCase(
  folder: string,
  part: Partial<TestCase> & { hooks?: string } = {},
): TestCase {
  const { hooks = '{type: prompt, model: fast, prompt: p, failMode: block}', ...rest } = part;
  const context = Buffer.from('{"hook_event_name":"Stop","final_output":"all is good"}');
  const loaded = parseHooksFile('h', `hooks: {Stop: [${hooks}]}`).hooks;
  return {
    ...{ file: path.join(folder, 'h.hooktest.yaml'), line: 1, name: 'one' },
    request: { dialect, hooks: loaded.map(({ hook }) => hook), context },
    ...{ targets: {}, judges: {}, expect: { decision: 'block' } },
    ...rest,
  };
}

/** What the server answers to a request; a number is a status, a text the body as it is. */
export type Says = (body: string, asked: number) => object | number | string;

/** A judge and a service on this machine that answer so; both have the same key. */
export async function realServer(says: Says) {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const said = says(body, seen.length);
    seen.push(body);
    response.writeHead(typeof said === 'number' ? said : 200);
    if (typeof said === 'string') response.end(said);
    else response.end(typeof said === 'number' ? '' : JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { judges } = judgesSettingsSchema.parse({
    judges: {
      real: {
        ...{ format: 'openai-chat', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'wire-model' },
        ...{ plain: true, private: ['127.0.0.0/8'], aliases: ['fast'], tenants: ['*'] },
      },
    },
  });
  const keys = new Map([['real', key]]);
  const targets = new Targets({
    here: targetSchema.parse({
      ...{ hosts: ['127.0.0.1'], ports: [port], plain: true, private: ['127.0.0.0/8'] },
      ...{ tenants: ['*'], trusted: true },
    }),
  });
  const real = {
    judges: new Judges(judges, { keys, cas: new Map() }),
    outbound: { targets, secrets: { valueFor: () => key } },
  };
  return { seen, port, real };
}

/** What a judge's server answers for a verdict. */
export function chat(verdict: object): object {
  const message = { role: 'assistant', content: JSON.stringify(verdict) };
  return { model: 'wire-model-1', choices: [{ index: 0, finish_reason: 'stop', message }] };
}

export async function run(
  cases: readonly TestCase[],
  answers: Partial<AnswerSource>,
  part: Partial<RunCasesOptions> = {},
): Promise<readonly CaseResult[]> {
  const { results } = await runCases(cases, {
    runner: () => Promise.reject(new Error('no script')),
    ...{ tenant: 't', isolation: 'tenant', concurrency: 1, bail: false, onResult: () => {} },
    signal: new AbortController().signal,
    answers: { mode: 'replay', recordings: new Recordings(), ...answers },
    ...part,
  });
  return results;
}
