import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { dialectNames, findDialect, transcriptFoldersOf } from '../../src/agents/registry.ts';

it('azure is found by its name', () => {
  expect(findDialect('azure')).toBe(azure);
});

it.each(dialectNames)('%s is found under the name that it has itself', (name) => {
  expect(findDialect(name).name).toBe(name);
});

it.each(['', 'Azure', 'nobody', 'constructor'])(
  'there is no dialect %j, and the answer names those that exist',
  (name) => {
    const attempt = () => findDialect(name);
    expect(attempt).toThrow(expect.objectContaining({ code: 'UNKNOWN_DIALECT' }));
    expect(attempt).toThrow(/azure/);
  },
);

it('the folders of transcripts are those of the agent, under each of its dialects', () => {
  const claude = transcriptFoldersOf('claude-code');
  expect(claude.map(({ inHome }) => inHome)).toEqual(['.claude/projects']);
  expect(transcriptFoldersOf('claude-code-2025')).toBe(claude);
  expect(transcriptFoldersOf('azure')).toEqual([]);
  expect(transcriptFoldersOf('nobody')).toEqual([]);
});
