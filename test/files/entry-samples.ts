/** Short ways to read one hook of hookpool's own format, and to look at its problems. */
import { expect } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { readHookEntry } from '../../src/files/hook-entry.ts';
import type { EntryPlace } from '../../src/files/loaded-hook.ts';
import { SourceDocument } from '../../src/files/source-document.ts';
import type { Hook } from '../../src/protocol/hook.ts';

export function source(text: string): SourceDocument {
  const parsed = SourceDocument.parse('f.yaml', text);
  if (parsed.documents[0] === undefined) throw new Error(JSON.stringify(parsed.problems));
  return parsed.documents[0];
}

export function read(text: string, over: Partial<EntryPlace> = {}) {
  const document = source(text);
  const place = {
    source: document,
    path: [],
    dialect: azure,
    event: 'Stop',
    defaultName: 'Stop[0]',
    tier: 'agent',
    project: undefined,
    ...over,
  } as const;
  return readHookEntry(place, document.value);
}

export function hookOf(text: string, over: Partial<EntryPlace> = {}): Hook {
  const { loaded, problems } = read(text, over);
  if (loaded === undefined) throw new Error(JSON.stringify(problems));
  expect(problems).toEqual([]);
  return loaded.hook;
}

/** `line:column` of every problem. */
export function problemsOf(text: string, over: Partial<EntryPlace> = {}): string[] {
  const { loaded, problems } = read(text, over);
  expect(loaded).toBeUndefined();
  return problems.map(({ line, column }) => `${line}:${column}`);
}

/** The place of a hook of a tool. */
export const tool = { event: 'PreToolUse' };
