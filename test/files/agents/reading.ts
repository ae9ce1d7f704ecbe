/** Short ways to read another agent's file at a place of a project. */
import type { ProjectFiles } from '../../../src/bundling/project-files.ts';
import { givenFiles } from '../../../src/bundling/project-files.ts';
import type { FileHint } from '../../../src/files/agents/agent-file.ts';
import { warningsOf } from '../../../src/files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../../../src/files/hooks-file.ts';
import type { Hook } from '../../../src/protocol/hook.ts';

export interface Reading {
  readonly format?: string;
  readonly dialect?: string;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Files of a project, by their paths. */
export function project(files: Readonly<Record<string, string>>): ProjectFiles {
  return givenFiles(
    Object.entries(files).map(([path, text]) => ({
      path,
      content: Buffer.from(text),
      executable: true,
    })),
  );
}

/** @param dialect that the caller names. */
export function read(
  path: string,
  value: unknown,
  dialect?: string,
  files?: Readonly<Record<string, string>>,
): Reading {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  try {
    const set = parseHooksFile(path, text, { dialect }, project(files ?? {}));
    const warnings = warningsOf(set).map(({ message }) => message);
    return { format: set.format, dialect: set.dialect.name, problems: [], warnings };
  } catch (error) {
    if (!(error instanceof InvalidHooksError)) throw error;
    return { problems: error.problems.map(({ message }) => message), warnings: [] };
  }
}

export function parse(value: unknown, hint?: FileHint) {
  const { format, dialect, agent, hooks } = parseHooksFile('f', JSON.stringify(value), hint);
  return { format, dialect: dialect.name, agent, hooks: hooks.map(({ hook }) => hook) };
}

export const run = { type: 'command', command: 'exit 0' };
export const group = (over: object = {}, hook: object = {}) => ({
  matcher: 'Bash',
  ...over,
  hooks: [{ ...run, ...hook }],
});

/** A file of Claude Code with one hook. */
export const claude = (hook: object, over: object = {}) => ({
  hooks: { PreToolUse: [group(over, hook)] },
});

/** A file whose events have lists of hooks without groups. */
export const flat = (event: string, hook: object) => ({ hooks: { [event]: [hook] } });

export function hookOf(path: string, value: unknown): Hook | undefined {
  return parseHooksFile(path, JSON.stringify(value)).hooks[0]?.hook;
}

/**
 * Why the only hook of the file cannot run.
 * @throws Error where it runs, or where the one warning of the file does not say the same.
 */
export function unsupported(path: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const set = parseHooksFile(path, text);
  const [action, second] = set.hooks.map(({ hook }) => hook.action);
  const told = warningsOf(set).map(({ message }) => message);
  if (action?.kind !== 'unsupported' || second !== undefined) throw new Error('it runs');
  if (told.length !== 1 || told[0]?.startsWith(action.reason) !== true)
    throw new Error(`the warnings say something else: ${told.join(' ')}`);
  return action.reason;
}
