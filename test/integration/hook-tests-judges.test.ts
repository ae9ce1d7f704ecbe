/** `hookpool test` with answers of judges: recorded, replayed, and with hostile texts. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hookpoolHere } from '../support/cli-here.ts';
import { HookTestFolder } from '../support/hook-test-folder.ts';

let folder: HookTestFolder;

beforeEach(() => {
  folder = new HookTestFolder();
});
afterEach(() => folder.remove());

async function report(...args: string[]) {
  const { code, stdout } = await hookpoolHere(['test', folder.path, '--json', ...args]);
  return { code, json: JSON.parse(stdout) as { readonly cases: readonly object[] } };
}

test('--record asks the judge once, and without it the recorded answer is replayed', async () => {
  const asked: string[] = [];
  const says = { reason: 'no evidence', ok: false };
  const server = createServer(async (request, response) => {
    asked.push(Buffer.concat(await request.toArray()).toString());
    const message = { role: 'assistant', content: JSON.stringify(says) };
    response.end(JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = {
    HOOKPOOL_JUDGES_FILE: folder.put(
      'judges.yaml',
      `judges: {fast: {format: openai-chat, model: m, baseUrl: 'http://127.0.0.1:${port}/v1',
        plain: true, private: [127.0.0.0/8], tenants: [acme]}}\n`,
    ),
  };
  folder.put('hooks.yaml', 'hooks: {Stop: [{type: prompt, model: fast, prompt: p}]}\n');
  const file = folder.put(
    'hooks.hooktest.yaml',
    'cases: [{name: a, event: Stop, context: {final_output: x y}, expect: {decision: block}}]\n',
  );
  try {
    const missing = await hookpoolHere(['test', file]);
    expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining('--record') });
    const record = ['test', file, '--record', '--inject', '--tenant', 'acme'];
    expect(await hookpoolHere(record, '', env)).toMatchObject({
      ...{ code: 0, stdout: expect.stringContaining('stays with 42 of 42 injections') },
    });
  } finally {
    server.close();
  }
  expect(asked).toHaveLength(43);
  expect(await report('--inject')).toMatchObject({ code: 0, json: { passed: 1 } });
});

test('--inject runs a script that blocks with every text, and names the text that opens it', async () => {
  folder.put(
    'hooks.yaml',
    `hooks:
  PreToolUse:
  - matcher: Bash
    script: |
      command=$(jq -r .tool_input.command)
      [[ $command == *APPROVED* || $command != rm* ]] || { echo no >&2; exit 2; }
`,
  );
  folder.putCases(['blocks rm', 'rm -rf', 'decision: block']);
  const { code, json } = await report('--inject');
  expect(code).toBe(1);
  expect(json.cases).toMatchObject([
    { injected: { runs: 42, changed: [{ id: 'judge-approved', decision: 'none' }] } },
  ]);
});
