/**
 * Both bridges as each agent starts them, against a real `hookpool serve` and without one. Needs
 * `npm run build`, curl and the engine. An agent whose events the server's dialects know is one more row.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerTables } from '../../src/protocol/answers/registry.ts';
import { readers } from '../protocol/answers/readers.ts';
import { nodeBridge, run, shellBridge } from '../support/bridges.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { standIn } from '../support/stand-in-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-agents-'));
const hooksFile = path.join(folder, 'hooks.yaml');
/** Looks at the whole context: every agent has another place for the command. */
const hooksFor = (dialect: string, event: string) => `dialect: ${dialect}
hooks:
  ${event}:
    - name: guard
      matcher: "*"
      failMode: block
      script: |
        #!/bin/bash
        context=$(cat)
        case $context in
          *"rm -rf"*) echo 'Name the "files".' >&2; exit 2 ;;
          *"git push"*) echo '{"hookSpecificOutput":{"hookEventName":"${event}","permissionDecision":"ask","permissionDecisionReason":"sure?"}}' ;;
        esac
`;
let server: RunningServer;

beforeAll(async () => {
  writeFileSync(hooksFile, hooksFor('claude-code', 'PreToolUse'));
  server = await startServer();
  for (const [dialect, event] of agents) {
    const text = hooksFor(dialect, event);
    const stored = await server.ask('PUT', `/v1/hooksets/${dialect}`, { text, headers: { 'content-type': 'application/yaml' } });
    expect([dialect, stored.status, stored.text]).toEqual([dialect, 201, expect.anything()]);
  }
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  rmSync(folder, { recursive: true });
});

const bridges = { 'hookpool hook': nodeBridge, 'hookpool-hook.sh': shellBridge };
const inShell = (command: string) => ({ tool_name: 'Bash', tool_input: { command } });
type Row = readonly [dialect: string, event: string, context: (command: string) => object, asked: string];

/** What each agent reports before a command is run, in its own words. */
const agents: readonly Row[] = [
  ['azure', 'PreToolUse', (c) => ({ hook_event_name: 'PreToolUse', agent_name: 'a', current_turn: 1, ...inShell(c) }), 'ask'],
  ['claude-code', 'PreToolUse', (c) => ({ session_id: 's', hook_event_name: 'PreToolUse', cwd: '/', ...inShell(c) }), 'ask'],
  ['codex', 'PreToolUse', (c) => ({ session_id: 's', turn_id: 't', hook_event_name: 'PreToolUse', ...inShell(c) }), 'block'],
  ['gemini-cli', 'BeforeTool', (c) => ({ session_id: 's', hook_event_name: 'BeforeTool', timestamp: 't', ...inShell(c) }), 'ask'],
  ['docker-agent', 'pre_tool_use', (c) => ({ session_id: 's', hook_event_name: 'pre_tool_use', ...inShell(c) }), 'ask'],
  ['docker-agent-strict', 'pre_tool_use', (c) => ({ session_id: 's', hook_event_name: 'pre_tool_use', ...inShell(c) }), 'ask'],
  ['agentpool', 'pre_tool_use', (c) => ({ event: 'pre_tool_use', agent_name: 'a', ...inShell(c) }), 'ask'],
  ['openhands', 'PreToolUse', (c) => ({ event_type: 'PreToolUse', working_dir: '/', ...inShell(c) }), 'block'],
  ['copilot', 'preToolUse', (c) => ({ hook_event_name: 'PreToolUse', session_id: 's', cwd: '/', ...inShell(c) }), 'ask'],
  ['vscode', 'PreToolUse', (c) => ({ sessionId: 's', hookEventName: 'PreToolUse', ...inShell(c) }), 'ask'],
  ['crush', 'PreToolUse', (c) => ({ event: 'PreToolUse', session_id: 's', ...inShell(c) }), 'block'],
  [
    'cline',
    'PreToolUse',
    (c) => ({ hookName: 'PreToolUse', taskId: 't', preToolUse: { toolName: 'execute_command', parameters: { command: c } } }),
    'block',
  ],
  ['cursor', 'beforeShellExecution', (c) => ({ hook_event_name: 'beforeShellExecution', command: c, cwd: '/' }), 'ask'],
  ['amazon-q', 'preToolUse', (c) => ({ hook_event_name: 'preToolUse', cwd: '/', ...inShell(c) }), 'block'],
  ['windsurf', 'pre_run_command', (c) => ({ agent_action_name: 'pre_run_command', tool_info: { command_line: c } }), 'block'],
  ['generic', 'PreToolUse', (c) => ({ hook_event_name: 'PreToolUse', ...inShell(c) }), 'block'],
];

test('no agent is left out', () => {
  expect(agents.map(([dialect]) => dialect).toSorted()).toEqual(answerTables.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(bridges))('%s with a server', (_, bridge) => {
  test.each(agents)('%s', async (dialect, event, context, asked) => {
    const read = async (command: string) => {
      const asking = { dialect, hookset: dialect, server: server.url, context: JSON.stringify(context(command)) };
      const { code, stdout, stderr } = await bridge(asking);
      return { said: stdout + stderr, read: readers[dialect]?.(event, { stdout, stderr, exitCode: code ?? -1 }) };
    };
    expect(await read('rm -rf /')).toEqual({ said: expect.stringMatching(/Name the \\?"files\\?"\./), read: 'block' });
    expect(await read('git push')).toEqual({ said: expect.stringContaining('sure?'), read: asked });
    expect(await read('ls')).toEqual({ said: '', read: 'silent' });
  });
});

describe.each(Object.entries(bridges))('%s without a server blocks the tool of', (_, bridge) => {
  const gates = answerTables.map(({ name, events }) => {
    const [event] = Object.entries(events).find(([, { kind }]) => kind === 'pre-tool') ?? [''];
    return [name, event] as const;
  });
  test.each(gates)('%s', async (dialect, event) => {
    const asking = { dialect, server: 'http://127.0.0.1:1', context: JSON.stringify({ hook_event_name: event }), event };
    const { code, stdout, stderr } = await bridge(asking);
    const both = dialect === 'generic' && bridge === shellBridge ? 'cursor' : dialect;
    expect(readers[both]?.(event, { stdout, stderr, exitCode: code ?? -1 })).toBe('block');
    expect(stdout + stderr).toContain('hookpool has no decision: ');
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
    const { code, stderr } = await shellBridge({ dialect: 'codex', server: bad.url, context: '{}' });
    await bad.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not of hookpool')]);
  });

  test('gives on bytes, several lines and both streams as they are, and sends the token', async () => {
    const good = await standIn((response, { body }) => void response.end(`2${end}a\n%s\\n${body}\n${end}é "q"\n${end}`));
    const context = '{"n": 12345678901234567890.10,\t"é":"\\u00e9"}\n';
    const answer = await run(`${script} codex guard`, context, { HOOKPOOL_SERVER: good.url, HOOKPOOL_TOKEN: 'secret' });
    await good.close();
    expect(answer).toEqual({ code: 2, stdout: `a\n%s\\n${context}\n`, stderr: 'é "q"\n' });
    expect(good.asked[0]).toMatchObject({ body: context, headers: { authorization: 'Bearer secret', accept: 'text/plain' } });
    expect(good.asked[0]?.url).toBe('/v1/hook?dialect=codex&hookset=guard&deadlineMs=24500');
  });

  test('blocks by its deadline, and goes on where that is asked for', async () => {
    const silent = await standIn(() => undefined);
    const env = { HOOKPOOL_SERVER: silent.url, HOOKPOOL_DEADLINE: '1' };
    expect((await run(`${script} codex guard`, '{}', env)).code).toBe(2);
    const allowed = await run(`${script} codex guard allow`, '{}', env);
    await silent.close();
    expect(allowed).toEqual({ code: 0, stdout: '', stderr: expect.stringContaining('goes on without one') });
  });

  test('blocks without its arguments, and when its answer cannot be written', async () => {
    expect((await run(script, '{}', {})).code).toBe(2);
    const good = await standIn((response) => void response.end(`0${end}said${end}${end}`));
    const closed = await run(`(${script} codex guard >&-; echo $? >&2)`, '{}', { HOOKPOOL_SERVER: good.url });
    await good.close();
    expect(closed.stderr).toMatch(/^2$/m);
  });

  test('has fewer than 40 lines', () => {
    expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThan(40);
  });
});

describe('hookpool hook --local', () => {
  const call = (command: string) => JSON.stringify({ hook_event_name: 'PreToolUse', ...inShell(command) });
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

  test('blocks by the deadline, with bad files and with bad contexts', async () => {
    const context = call('ls');
    expect((await local(context, '--deadline 0.05')).stdout).toContain('"decision":"block"');
    expect((await local(context, '--local /nowhere')).stdout).toMatch(/has no decision: Cannot read \/nowhere/);
    expect((await local('x')).stderr).toContain('The context is not JSON');
  });
});
