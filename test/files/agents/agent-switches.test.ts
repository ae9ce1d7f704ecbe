/** Keys of other agents' files that say when and how a hook runs. */
import { describe, expect, it } from 'vitest';
import { warningsOf } from '../../../src/files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../../../src/files/hooks-file.ts';
import type { Hook } from '../../../src/protocol/hook.ts';

const run = { type: 'command', command: 'exit 0' };
const group = (over = {}, hook = {}) => ({ ...over, hooks: [{ ...run, ...hook }] });

/** @param dialect for files that several systems share. */
function hookOf(value: unknown, dialect?: string): Hook | undefined {
  return parseHooksFile('f.json', JSON.stringify(value), { dialect }).hooks[0]?.hook;
}

/** The messages of all problems, or of the warnings of an accepted file. */
function problemOf(value: unknown, dialect?: string): string {
  try {
    const set = parseHooksFile('f.json', JSON.stringify(value), { dialect });
    const warnings = warningsOf(set).map(({ message }) => message);
    return warnings.length > 0 ? warnings.join('\n') : 'accepted';
  } catch (error) {
    if (!(error instanceof InvalidHooksError)) throw error;
    return error.problems.map(({ message }) => message).join('\n');
  }
}

describe('a hook', () => {
  it.each<[string, object, string, object]>([
    ['once', { hooks: { Stop: [group({}, { once: true })] } }, 'claude-code', { once: true }],
    ['async', { hooks: { Stop: [group({}, { async: true })] } }, 'claude-code', { async: true }],
    [
      'async and no type',
      { hooks: { Stop: [group({}, { type: undefined, async: true })] } },
      'claude-code',
      { async: true },
    ],
    [
      'asyncRewake: false',
      { hooks: { Stop: [group({}, { asyncRewake: false })] } },
      'claude-code',
      { async: undefined },
    ],
    ['async', { hooks: { Stop: [group({}, { async: true })] } }, 'codex', { async: true }],
    ['async', { hooks: { stop: [group({}, { async: true })] } }, 'openhands', { async: true }],
    [
      'sequential',
      { hooks: { BeforeTool: [group({ sequential: true, matcher: 'a' })] } },
      'gemini-cli',
      { sequential: true, matcher: 'a' },
    ],
    [
      'timeout: 700',
      { hooks: { Stop: [group({}, { timeout: 700 })] } },
      'claude-code',
      { timeoutMs: 600_000 },
    ],
    ['timeout: 0', { hooks: { Stop: [group({}, { timeout: 0 })] } }, 'codex', { timeoutMs: 1_000 }],
    [
      'timeout: 0',
      { hooks: { Stop: [group({}, { timeout: 0 })] } },
      'openhands',
      { timeoutMs: 60_000 },
    ],
    [
      'a matcher of two stars',
      { version: 1, hooks: { PreToolUse: [{ bash: 'exit 0', matcher: '**' }] } },
      'copilot',
      { matcher: '**' },
    ],
    [
      'another name of its event',
      { version: 1, hooks: { Stop: [{ bash: 'exit 0' }] } },
      'copilot',
      { event: 'agentStop' },
    ],
    [
      'another name of its event',
      { version: 1, hooks: { UserPromptSubmit: [{ bash: 'exit 0' }] } },
      'copilot',
      { event: 'userPromptSubmitted' },
    ],
  ])('with %s of %j is read under %s', (_, file, dialect, hook) => {
    expect(hookOf(file, dialect)).toMatchObject(hook);
  });

  it.each([
    [
      'asyncRewake',
      { hooks: { Stop: [group({}, { asyncRewake: true })] } },
      /asyncRewake is not supported/,
    ],
    ['once with a number', { hooks: { Stop: [group({}, { once: 1 })] } }, /^once: Invalid input/],
    [
      'an async guard',
      { hooks: { Stop: [group({}, { onFailure: 'block', async: true })] } },
      /^An async hook decides nothing/,
    ],
    [
      'a timeout of Codex that is a text',
      { hooks: { Stop: [group({}, { timeoutSec: '5' })] } },
      /^timeoutSec: Invalid input/,
    ],
    [
      'sequential with a number',
      { hooks: { BeforeTool: [group({ sequential: 1 })] } },
      /^sequential: Invalid input/,
    ],
  ])('with %s is refused', (_, file, message) => {
    expect(problemOf(file)).toMatch(message);
  });
});

it('groups of our hooks need our dialect key: without it, a key of ours would make another file of it', () => {
  const file = {
    hooks: { PreToolUse: [{ matcher: 'Bash', hooks: [{ ...run, quiet: true }] }] },
  };
  expect(problemOf(file)).toMatch(/Unknown key "quiet".*onFailure/);
  const ours = parseHooksFile('f.json', JSON.stringify({ dialect: 'claude-code', ...file }));
  expect(ours).toMatchObject({
    format: 'hookpool',
    hooks: [{ hook: { quiet: true, matcher: 'Bash' } }],
  });
});
