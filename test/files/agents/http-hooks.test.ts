// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { describe, expect, it } from 'vitest';
import { warningsOf } from '../../../src/files/hook-set.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';

const grouped = (event: string, hook: object) => ({ hooks: { [event]: [{ hooks: [hook] }] } });
const setOf = (file: object, dialect: string) =>
  parseHooksFile('f.json', JSON.stringify(file), { dialect });
const hookIn = (file: object, dialect: string) => {
  const [loaded] = setOf(file, dialect).hooks;
  if (loaded === undefined) throw new Error('no hook');
  return loaded.hook;
};
const request = {
  type: 'http',
  url: 'https://hooks.example.com/x',
  headers: { Authorization: 'Bearer $TOKEN', 'X-Key': '${TOKEN}', 'X-Cost': 'costs 5$' },
  allowedEnvVars: ['TOKEN'],
};
const sent = {
  kind: 'http',
  url: { host: 'hooks.example.com', path: '/x' },
  headers: {
    Authorization: 'Bearer ${secret:TOKEN}',
    'X-Key': '${secret:TOKEN}',
    'X-Cost': 'costs 5$',
  },
};

describe('an http hook is read, with the default timeout of its type:', () => {
  it.each([
    ['claude-code', grouped('PreToolUse', request), 600_000],
    ['claude-code', grouped('UserPromptSubmit', request), 30_000],
    ['claude-code', grouped('PreToolUse', { ...request, timeout: 5 }), 5_000],
    ['copilot', { version: 1, hooks: { preToolUse: [request] } }, 30_000],
    ['copilot', { version: 1, hooks: { preToolUse: [{ ...request, timeoutSec: 5 }] } }, 5_000],
    ['qwen-code', grouped('PreToolUse', request), 600_000],
    ['qwen-code', grouped('PreToolUse', { ...request, timeout: 5 }), 5_000],
  ])('%s %j', (dialect, file, timeoutMs) => {
    expect(hookIn(file, dialect)).toMatchObject({ action: sent, timeoutMs });
  });
});

it('a command of Qwen Code keeps its milliseconds', () => {
  const file = grouped('PreToolUse', { type: 'command', command: 'exit 0', timeout: 5000 });
  expect(hookIn(file, 'qwen-code').timeoutMs).toBe(5_000);
});

describe('an http hook that cannot be sent as it is counts as its failMode, with the reason:', () => {
  it.each([
    ['a variable that is not listed', { allowedEnvVars: [] }, 'headers name TOKEN'],
    ['no list at all', { allowedEnvVars: undefined }, 'headers name TOKEN'],
    ['a variable in the address', { url: 'https://$HOST/' }, 'url has a variable in it'],
    ['headers that are a list', { headers: ['a'] }, 'headers'],
    ['a value that is a number', { headers: { a: 5 } }, 'must be a text'],
    ['an address that is none', { url: 'x' }, 'url is no address'],
  ])('%s', (_, over, reason) => {
    expect(
      hookIn(grouped('PreToolUse', { ...request, ...over }), 'claude-code').action,
    ).toMatchObject({
      kind: 'unsupported',
      type: 'http',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('async, which Claude Code and Qwen Code read in commands only:', () => {
  it.each(['claude-code', 'qwen-code'])('leaves the decision to an http hook of %s', (dialect) => {
    const set = setOf(grouped('PreToolUse', { ...request, async: true }), dialect);
    expect(set.hooks[0]?.hook.async ?? false).toBe(false);
    expect(warningsOf(set).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('async is for command hooks'),
    );
    const said = setOf(grouped('PreToolUse', { ...request, async: false }), dialect);
    expect(JSON.stringify(warningsOf(said))).not.toContain('async is for');
    const empty = setOf(grouped('PreToolUse', { ...request, async: null }), dialect);
    expect(JSON.stringify(warningsOf(empty))).not.toContain('async is for');
    const command = grouped('PreToolUse', { command: 'exit 0', type: 'command', async: true });
    expect(hookIn(command, dialect).async).toBe(true);
  });
});

it.each(['SessionStart', 'Setup'])('Claude Code has no http hooks at %s', (event) => {
  expect(hookIn(grouped(event, request), 'claude-code').action).toMatchObject({
    kind: 'unsupported',
    reason: expect.stringContaining(`no http hooks at ${event}`),
  });
});

describe("Docker Agent's builtin hooks:", () => {
  const file = (hook: object) => ({ agents: { root: { hooks: { stop: [hook] } } } });
  const builtin = (command: string, ...args: unknown[]) => file({ type: 'builtin', command, args });

  it('http_post is an async http hook', () => {
    const hook = hookIn(
      builtin('http_post', 'https://a.test/x', '{"text":"${done} $timestamp $times 5$"}'),
      'docker-agent',
    );
    expect(hook).toMatchObject({
      async: true,
      action: {
        kind: 'http',
        url: { host: 'a.test' },
        payload: { text: '$${done} $$timestamp $times 5$' },
      },
    });
  });

  it('http_post without a body sends the context', () => {
    const { action } = hookIn(builtin('http_post', 'https://a.test/x'), 'docker-agent');
    expect(action).toMatchObject({ kind: 'http', payload: undefined });
  });

  it.each([
    [builtin('http_post', 'https://a.test/x', 'no json'), 'args[1] is no JSON'],
    [file({ type: 'builtin', command: 'http_post', args: 'x' }), 'An http hook needs a url'],
    [builtin('add_date'), 'only http_post can be run here'],
    [file({ type: 'command', command: 'exit 0', args: ['x'] }), 'args is for builtin hooks'],
  ])('%j is told', (given, message) => {
    const told = warningsOf(setOf(given, 'docker-agent')).map((one) => one.message);
    expect(told.join()).toContain(message);
  });
});
