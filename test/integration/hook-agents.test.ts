/**
 * Both bridges as each agent starts them, against a real `hookpool serve` and without one. Needs
 * `npm run build`, curl and the engine. An agent whose events the server's dialects know is one
 * more row. `hookpool hook` is a process for each way to start it and to answer; what it says to the
 * other agents is asked in this process.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialectNames } from '../../src/agents/registry.ts';
import type { Answer } from '../../src/answering/answer-for.ts';
import { inputsAfter } from '../answering/input-readers.ts';
import { readers } from '../answering/readers.ts';
import { type Agent, agents, inShell } from '../support/bridged-agents.ts';
import { type Bridge, bridgeHere, nodeBridge, run, shellBridge } from '../support/bridges.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { standIn } from '../support/stand-in-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-agents-'));
const hooksFile = path.join(folder, 'hooks.yaml');
/** Looks at the whole context: every agent has another place for the command. */
const hooksFor = (dialect: string, events: readonly string[]) => {
  const output = (fields: object) => JSON.stringify({ hookSpecificOutput: fields });
  const hooks = events.map(
    (event) => `  ${event}:
    - name: guard
      matcher: "*"
      failMode: block
      script: |
        #!/bin/bash
        context=$(cat)
        case $context in
          *"rm -rf"*) echo 'Name the "files".' >&2; exit 2 ;;
          *"git push"*) echo '${output({ hookEventName: event, permissionDecision: 'ask', permissionDecisionReason: 'sure?' })}' ;;
          *"cat .env"*) echo '${output({ hookEventName: event, permissionDecision: 'allow', updatedInput: { command: 'ls' } })}' ;;
          *"make"*) echo '${output({ hookEventName: event, additionalContext: 'Use the cache.' })}' ;;
        esac
`,
  );
  return `dialect: ${dialect}\nhooks:\n${hooks.join('')}`;
};
let server: RunningServer;

beforeAll(async () => {
  writeFileSync(hooksFile, hooksFor('claude-code', ['PreToolUse']));
  server = await startServer();
  for (const { dialect, event, elsewhere } of agents) {
    const text = hooksFor(dialect, [event, ...(elsewhere === undefined ? [] : [elsewhere.event])]);
    const stored = await server.ask('PUT', `/v1/hooksets/${dialect}`, {
      text,
      headers: { 'content-type': 'application/yaml' },
    });
    expect([dialect, stored.status, stored.text]).toEqual([dialect, 201, expect.anything()]);
  }
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  rmSync(folder, { recursive: true });
});

/** Both streams, an event in the arguments, a file in the place of a line, exit code 2 for a block. */
const asProcess: ReadonlySet<string> = new Set(['claude-code', 'copilot', 'cline', 'windsurf']);
/** Each answer of the first one, which has them all, and of the others a block and silence. */
const isProcess = ({ dialect, context }: Parameters<Bridge>[0]) =>
  dialect === 'claude-code' ||
  (asProcess.has(dialect) && !/git push|cat .env|make/.test(String(context)));
const bridges: Readonly<Record<string, Bridge>> = {
  'hookpool hook': (asking) => (isProcess(asking) ? nodeBridge : bridgeHere)(asking),
  'hookpool-hook.sh': shellBridge,
};
/** One call of a bridge by its agent, and what the agent reads from the answer. */
async function call(
  bridge: Bridge,
  { dialect, unnamed, isFile }: Agent,
  event: string,
  context: string,
  url: string,
) {
  const asFileIn = isFile ? folder : undefined;
  const asking = {
    dialect,
    hookset: dialect,
    server: url,
    context,
    event: unnamed ? event : undefined,
    asFileIn,
  };
  const { code, stdout, stderr } = await bridge(asking);
  const answer = { stdout, stderr, exitCode: code ?? -1 };
  return { ...answer, said: stdout + stderr, read: readers[dialect]?.(event, answer) };
}

test('no agent is left out', () => {
  expect(agents.map(({ dialect }) => dialect).toSorted()).toEqual([...dialectNames].toSorted());
});

describe.each(Object.entries(bridges))('%s with a server', (_, bridge) => {
  test.each(agents)('$dialect', async (agent) => {
    const { dialect, event, context, asked, rewrites, told, elsewhere } = agent;
    const ask = (command: string) => call(bridge, agent, event, context(command), server.url);
    const [blocked, question, rewritten, noted, silent] = await Promise.all(
      ['rm -rf /', 'git push', 'cat .env', 'make', 'ls'].map(ask),
    );
    expect(blocked).toMatchObject({
      said: expect.stringMatching(/Name the \\?"files\\?"\./),
      read: 'block',
    });
    expect(question).toMatchObject({ said: expect.stringContaining('sure?'), read: asked });
    expect(rewritten).toMatchObject({
      said: expect.stringMatching(/command.{0,4}:.{0,2}"ls/),
      read: rewrites ? 'silent' : 'block',
    });
    if (rewrites)
      for (const input of inputsAfter(dialect, rewritten as Answer, { command: 'x' }))
        expect(input).toEqual({ command: 'ls' });
    const where =
      told === 'nowhere' ? { said: '' } : { [told]: expect.stringContaining('Use the cache.') };
    expect(noted).toMatchObject({ ...where, read: 'silent' });
    expect(silent).toMatchObject({ said: '', read: 'silent' });
    if (elsewhere === undefined) return;
    const there = await call(bridge, agent, elsewhere.event, elsewhere.context, server.url);
    expect(there).toMatchObject({
      stdout: expect.stringContaining('Use the cache.'),
      read: 'silent',
    });
  });
});

describe.each(Object.entries(bridges))('%s without a server blocks the tool of', (_, bridge) => {
  test.each(agents)('$dialect', async (agent) => {
    const answer = await call(
      bridge,
      agent,
      agent.event,
      agent.context('ls'),
      'http://127.0.0.1:1',
    );
    // The one in sh says its block once, and in Cline's words to Cline.
    const both = agent.dialect === 'generic' && bridge === shellBridge ? 'cursor' : agent.dialect;
    expect(readers[both]?.(agent.event, answer)).toBe('block');
    expect(answer.said).toContain('hookpool has no decision: ');
  });
});

describe('hookpool-hook.sh', () => {
  const script = path.join(import.meta.dirname, '../../deploy/bridge/hookpool-hook.sh');
  const end = '\u001e';

  test.each([
    ['cut', `0${end}{"decision":`],
    ['another page', '<html>'],
    ['nothing', ''],
    ['another exit code', `7${end}${end}${end}`],
  ])('blocks when the answer is %s', async (_, body) => {
    const bad = await standIn((response) => void response.end(body));
    const { code, stderr } = await shellBridge({
      dialect: 'codex',
      server: bad.url,
      context: '{}',
    });
    await bad.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not of hookpool')]);
  });

  test('gives on bytes, several lines and both streams as they are, and sends the token', async () => {
    const good = await standIn(
      (response, { body }) => void response.end(`2${end}a\n%s\\n${body}\n${end}é "q"\n${end}`),
    );
    const context = '{"n": 12345678901234567890.10,\t"é":"\\u00e9"}\n';
    const answer = await run(`${script} codex guard`, context, {
      HOOKPOOL_SERVER: good.url,
      HOOKPOOL_TOKEN: 'secret',
    });
    await good.close();
    expect(answer).toEqual({ code: 2, stdout: `a\n%s\\n${context}\n`, stderr: 'é "q"\n' });
    expect(good.asked[0]).toMatchObject({
      body: context,
      headers: { authorization: 'Bearer secret', accept: 'text/plain' },
    });
    expect(good.asked[0]?.url).toBe('/v1/hook?dialect=codex&hookset=guard&deadlineMs=24500');
  });

  test('blocks by its deadline, and goes on where that is asked for', async () => {
    const silent = await standIn(() => undefined);
    const env = { HOOKPOOL_SERVER: silent.url, HOOKPOOL_DEADLINE: '1' };
    expect((await run(`${script} codex guard`, '{}', env)).code).toBe(2);
    const allowed = await run(`${script} codex guard allow`, '{}', env);
    await silent.close();
    expect(allowed).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('goes on without one'),
    });
  });

  test('blocks without its arguments, and when its answer cannot be written', async () => {
    expect((await run(script, '{}', {})).code).toBe(2);
    const good = await standIn((response) => void response.end(`0${end}said${end}${end}`));
    const closed = await run(`(${script} codex guard >&-; echo $? >&2)`, '{}', {
      HOOKPOOL_SERVER: good.url,
    });
    await good.close();
    expect(closed.stderr).toMatch(/^2$/m);
  });

  test('has fewer than 180 lines, so that it can be read before it is trusted', () => {
    expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThan(180);
  });
});

describe('hookpool hook --local', () => {
  const call = (command: string) =>
    JSON.stringify({ hook_event_name: 'PreToolUse', ...inShell(command) });
  const local = (context: string, more = '') =>
    run(
      `node '${path.join(import.meta.dirname, '../../dist/cli/main.js')}' hook --dialect claude-code --local '${hooksFile}' ${more}`,
      context,
      {},
    );

  test('runs the hooks here', async () => {
    const context = call('rm -rf /');
    expect(await local(context)).toEqual({
      code: 0,
      stdout: '{"decision":"block","reason":"Name the \\"files\\"."}\n',
      stderr: '',
    });
    expect(await local(call('ls'))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('gives a hook that reads it the transcript, from the folder of the agent only', async () => {
    const sessions = path.join(folder, '.claude/projects/p');
    mkdirSync(sessions, { recursive: true });
    for (const place of [sessions, folder])
      writeFileSync(path.join(place, 's.jsonl'), '{"said":"never push"}\n');
    const reader = path.join(folder, 'reader.yaml');
    const script = 'f=$(jq -r .transcript_path); [ ! -f "$f" ] || { cat "$f" >&2; exit 2; }';
    const hooks = { PreToolUse: [{ matcher: '*', command: script }] };
    writeFileSync(reader, JSON.stringify({ dialect: 'claude-code', hooks }));
    const ask = (place: string) =>
      run(
        `node '${path.join(import.meta.dirname, '../../dist/cli/main.js')}' hook --dialect claude-code --local '${reader}'`,
        JSON.stringify({ ...JSON.parse(call('ls')), transcript_path: path.join(place, 's.jsonl') }),
        { HOME: folder },
      );
    const [found, refused] = await Promise.all([ask(sessions), ask(folder)]);
    expect(found?.stdout).toContain('never push');
    expect(refused?.stdout).toBe('');
    expect(refused?.stderr).toContain("is in no folder of claude-code's transcripts");
  });

  test('blocks by the deadline, with bad files and with bad contexts', async () => {
    const context = call('ls');
    expect((await local(context, '--deadline 0.05')).stdout).toContain('"decision":"block"');
    expect((await local(context, '--local /nowhere')).stdout).toMatch(
      /has no decision: Cannot read \/nowhere/,
    );
    expect((await local('x')).stderr).toContain('The context is not JSON');
  });
});
