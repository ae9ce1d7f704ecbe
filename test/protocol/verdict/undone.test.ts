/** Hooks that exit with 0 although they could not do their work. */
import { expect, it } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/dialect.ts';
import { dockerAgent } from '../../../src/agents/docker-agent/dialect.ts';
import type { Hook } from '../../../src/protocol/hook.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { exited, sampleHook } from '../samples.ts';

const jqError = 'parse error: Exceeds depth limit for parsing at line 1, column 649';
const noGit = 'hook: line 2: git: command not found';

function decided(stdout: string, stderr: string, over: Partial<Hook> = {}) {
  const hook = sampleHook({ failMode: 'block', ...over });
  return decide(claudeCode, hook, exited(0, stdout, stderr));
}

it.each([
  ['jq cannot read the context', '', jqError],
  ['a program is missing', '', noGit],
  ['a module is missing', '', "ModuleNotFoundError: No module named 'core'"],
  ['Python ends with a traceback', '', `Traceback (most recent call last):\n  …\nKeyError: 'cmd'`],
  ['grep refuses its pattern', '', 'grep: Unmatched ( or \\('],
  ['plain text is printed', 'checked', noGit],
  ['only a context is printed', '{"additionalContext":"checked"}', noGit],
  ['the import error is a message', '{"systemMessage":"No module named core"}', ''],
])('with failMode block, %s: exit code 0 blocks', (_, stdout, stderr) => {
  const result = decided(stdout, stderr);
  expect(result.decision).toBe('block');
  expect(result.cause).toMatchObject({ kind: 'fail-mode', code: 'HOOK_TOOL_FAILED' });
});

it('the reason quotes the line and names the fix', () => {
  expect(decided('', noGit).reason).toBe(
    'Hook guard gave no decision and its failMode is block. The script exited with 0 and gave no ' +
      'decision, but a program that it uses failed: hook: line 2: git: command not found. Check ' +
      'its result in the script (|| exit 1), or set ignoreToolErrors: true.',
  );
});

it('the cause follows a colon where it does not begin a sentence', () => {
  const failure = { code: 'HOOK_UNSUPPORTED', message: 'needs the file ./x.sh.' } as const;
  expect(decide(claudeCode, sampleHook({ failMode: 'block' }), failure).reason).toBe(
    'Hook guard gave no decision and its failMode is block: needs the file ./x.sh.',
  );
});

it.each([
  ['an optional file is missing', '', 'grep: /project/list: No such file or directory', {}],
  ['a list of the input is absent', '', 'jq: error (at <stdin>:1): Cannot iterate over null', {}],
  ['the script allows', '{"decision":"approve"}', noGit, {}],
  [
    'the script rewrites',
    '{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":{}}}',
    noGit,
    {},
  ],
  ['the hook ignores it', '', jqError, { ignoreToolErrors: true }],
  ['failMode is allow', '', jqError, { failMode: 'allow' }],
  ['failMode is a default', '', jqError, { failModeIsDefault: true }],
  ['the event cannot be blocked', '', jqError, { event: 'SessionStart' }],
] as const)('%s: exit code 0 goes ahead, and the failure is noted', (_, stdout, stderr, over) => {
  const result = decided(stdout, stderr, over);
  expect(['none', 'allow']).toContain(result.decision);
  expect(result.cause.kind).not.toBe('fail-mode');
  expect(result.diagnostics).not.toEqual([]);
});

it('an empty output is no decision, also where the dialect takes it for an allow', () => {
  const hook = sampleHook({ event: 'pre_tool_use', failMode: 'block' });
  const result = decide(dockerAgent, hook, exited(0, '', jqError));
  expect(result.cause).toMatchObject({ code: 'HOOK_TOOL_FAILED' });
});

it('a verdict of the script stands', () => {
  const ask = '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask"}}';
  expect(decided(ask, noGit).decision).toBe('ask');
  expect(decided('{"decision":"block","reason":"no"}', noGit).reason).toBe('no');
  expect(decided('{broken', noGit).cause).toMatchObject({ code: 'HOOK_OUTPUT_MALFORMED' });
});

it('an import error in a message is noted where failMode is allow', () => {
  const said = '{"systemMessage":"No module named core"}';
  const { decision, diagnostics } = decided(said, '', { failMode: 'allow' });
  expect([decision, diagnostics]).toEqual([
    'none',
    [{ code: 'module-not-found', message: 'No module named core' }],
  ]);
});

it('what the sandbox lacks is noted on a result that lets go, and on no other', () => {
  const lacks = ['git is not in the sandbox.'];
  const notes = (stdout: string) => decided(stdout, '', { lacks }).diagnostics;
  expect(notes('')).toEqual([{ code: 'lacks', message: 'git is not in the sandbox.' }]);
  expect(notes('{"decision":"block","reason":"no"}')).toEqual([]);
});

it('five of the sentences are noted, and how many more there are', () => {
  const lacks = Array.from({ length: 9 }, (_, at) => `tool ${at} is missing`);
  const { diagnostics } = decided('', '', { lacks });
  expect(diagnostics.map(({ message }) => message)).toEqual([...lacks.slice(0, 5), 'and 4 more']);
});
