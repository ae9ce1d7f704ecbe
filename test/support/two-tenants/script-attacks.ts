/**
 * Scripts of tenant a whose output takes long to parse, and hooks and runs that take many slots.
 */
import { type Attack, evaluation, requests } from './attack.ts';

/** @param printed a python3 expression whose value the script prints. */
const printing = (printed: string) =>
  `#!/usr/bin/env python3\nimport sys\nsys.stdout.write(${printed})\n`;
const keys = (n: number) => `','.join('"k%d":0' % i for i in range(${n}))`;

const callOf = (event: string) => ({
  hook_event_name: event,
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
});
const lines = "'{}\\n' * 349000";

/** A body for an evaluation of a hook that prints 349,000 lines, each of which is an object. */
export const noisyLines = {
  dialect: 'copilot',
  hooks: { preToolUse: [{ name: 'a', script: printing(lines) }] },
  context: callOf('preToolUse'),
};

function output(name: string, dialect: string, event: string, printed: string): Attack {
  return requests(`${dialect} prints ${name}`, () => {
    return evaluation({
      dialect,
      hooks: { [event]: [{ name: 'a', script: printing(printed) }] },
      context: callOf(event),
    });
  });
}

/** Two hooks, of which the second gets the context that the first rewrote. */
function rewriting(dialect: string, event: string, opening: string, count: number): Attack {
  const closing = opening.replaceAll(/[^{]/g, '').replaceAll('{', '}');
  return requests(`${dialect} rewrites ${count} keys of the input`, () => {
    const script = printing(`'${opening}' + ${keys(count)} + '${closing}'`);
    const hooks = [
      { name: 'a', sequential: true, script },
      { name: 'b', sequential: true, command: 'exit 0' },
    ];
    const context = { hook_event_name: event, tool_name: 'x', tool_input: { a: 1 } };
    return evaluation({ dialect, hooks: { [event]: hooks }, context });
  });
}

const sleeping = (seconds: number) =>
  evaluation({ hooks: { PreToolUse: [{ matcher: 'Bash', command: `sleep ${seconds}` }] } });

export const scriptAttacks: readonly Attack[] = [
  output('1 MiB of lines {}', 'copilot', 'preToolUse', lines),
  output(
    '1 MiB of permissions in lines',
    'copilot',
    'preToolUse',
    `'{"permissionDecision":"allow"}\\n' * 33000`,
  ),
  output('1 MiB of progress', 'copilot', 'preToolUse', `'{"type":"progress"}\\n' * 52000`),
  output('1 MiB of control lines', 'cline', 'PreToolUse', `'HOOK_CONTROL\\t{}\\n' * 61000`),
  output('90,000 keys', 'docker-agent-strict', 'pre_tool_use', `'{' + ${keys(90_000)} + '}'`),
  output(
    '90,000 keys for the event',
    'claude-code',
    'PreToolUse',
    `'{"hookSpecificOutput":{' + ${keys(90_000)} + '}}'`,
  ),
  output('500,000 levels', 'azure', 'PreToolUse', "'[' * 500000"),
  output('1 MiB of empty arrays', 'gemini-cli', 'BeforeTool', `'{"a":[' + '[],' * 340000 + '[]]}'`),
  rewriting('gemini-cli', 'BeforeTool', '{"hookSpecificOutput":{"tool_input":{', 3_000),
  rewriting('gemini-cli', 'BeforeTool', '{"hookSpecificOutput":{"tool_input":{', 20_000),
  rewriting('agentpool', 'pre_tool_use', '{"modified_input":{', 20_000),
  rewriting('crush', 'PreToolUse', '{"updated_input":{', 20_000),
  requests('a script that floods stdout and stderr', () =>
    evaluation({ hooks: { PreToolUse: [{ matcher: 'Bash', command: 'yes >&2 & yes' }] } }),
  ),
  requests('hooks that sleep', () => sleeping(8), 300),
  {
    ...requests(
      'runs that sleep',
      () => ({ path: '/v1/run', body: JSON.stringify({ script: 'sleep 8', timeoutMs: 1_500 }) }),
      515,
    ),
    mayWait: true,
    lastsMs: 3_000,
  },
  requests(
    'runs of 60 KiB scripts that spin',
    () => ({
      path: '/v1/run',
      body: JSON.stringify({
        script: `# ${'x'.repeat(60_000)}\nwhile :; do :; done`,
        timeoutMs: 1_000,
      }),
    }),
    // Twice what a may run at once, a second each.
    6,
  ),
];
