import { describe, expect, it } from 'vitest';
import { dialects, findDialect } from '../../src/agents/registry.ts';
import { eventRules } from '../../src/protocol/dialect-lookup.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';

describe.each(dialects)('the table of $name', (dialect) => {
  it('has a system, events and sane timeouts', () => {
    expect(dialect.about).not.toBe('');
    expect(Object.keys(dialect.events).length).toBeGreaterThan(0);
    expect(dialect.minTimeoutMs).toBeLessThanOrEqual(dialect.defaultTimeoutMs);
    expect(dialect.defaultTimeoutMs).toBeLessThanOrEqual(dialect.maxTimeoutMs);
  });

  it('blocks exit code 2 wherever it lets itself be blocked before a tool runs', () => {
    for (const [event, rules] of Object.entries(dialect.events)) {
      if (/^(Pre|pre_?|before_?|Before)(Tool|tool)/.test(event))
        expect([event, rules.exit2]).toEqual([event, 'block']);
    }
  });

  it('never asks where nothing can be blocked', () => {
    expect(
      Object.values(dialect.events).filter((rules) => rules.canAsk && !rules.canBlock),
    ).toEqual([]);
  });

  it('lets an empty matcher of its tool events match', () => {
    const matches = compileMatcher(dialect, undefined)('Bash');
    expect(matches).toBe(dialect.name !== 'azure');
  });
});

it.each([
  ['claude-code', 'Edit, Write', 'Write', true],
  ['claude-code', 'Edit|Write', 'NotebookEdit', false],
  ['claude-code', 'code-reviewer', 'senior-code-reviewer', false],
  ['claude-code', 'Edit.*', 'NotebookEdit', true],
  ['codex', 'mcp__memory', 'mcp__memory__create', false],
  ['codex', 'Bash|Edit', 'Edit', true],
  ['codex', 'Edit, Write', 'Edit, Write', true],
  ['codex', '^Ba', 'Bash', true],
  ['docker-agent', 'shell', 'shell_background', false],
  ['docker-agent', '(?i)SHELL', 'shell', true],
  ['agentpool', 'Bash', 'BashOutput', true],
  ['openhands', '/Edit.*/', 'EditFile', true],
  ['openhands', 'Edit|Write', 'EditWrite', false],
  ['gemini-cli', 'Edit|Write', 'EditTool', true],
  ['crush', '^edit$', 'bash', false],
  ['amazon-q', 'fs_*', 'fs_read', true],
  ['amazon-q', 'fs.*', 'fs_read', false],
  ['amazon-q', '@git/*', '@git/push', true],
  ['amazon-q', '@git', '@git/push', true],
  ['amazon-q', '@git', '@gitlab/push', false],
  ['amazon-q', '@builtin', 'fs_read', true],
  ['amazon-q', '@builtin', '@git/push', false],
  ['copilot', 'ba', 'bash', false],
  ['copilot', '**', 'bash', true],
])('under %s the matcher %j and the tool %s: %s', (name, pattern, tool, expected) => {
  expect(compileMatcher(findDialect(name), pattern)(tool)).toBe(expected);
});

it('lifecycle events of Gemini compare names', () => {
  const gemini = findDialect('gemini-cli');
  const { matcher } = eventRules(gemini, 'SessionStart');
  expect(compileMatcher(gemini, 'resume', matcher)('resume')).toBe(true);
  expect(compileMatcher(gemini, 're.*', matcher)('resume')).toBe(false);
});

it('a bad expression is refused under every dialect that takes expressions', () => {
  for (const dialect of dialects.filter((one) => one.matcher.kind === undefined)) {
    expect(() => compileMatcher(dialect, '[')).toThrow(
      expect.objectContaining({ code: 'INVALID_HOOKS' }),
    );
  }
});
