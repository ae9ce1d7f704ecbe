/** Short ways to read a hooks file and to look at its hooks or its problems. */
import type { FileHint } from '../../src/files/agents/agent-file.ts';
import { type HookSet, warningsOf } from '../../src/files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../../src/files/hooks-file.ts';
import type { Problem } from '../../src/files/source-document.ts';
import type { Hook } from '../../src/protocol/hook.ts';

export function parse(text: string): HookSet {
  return parseHooksFile('f.yaml', text);
}

export function hooksOf(text: string): Hook[] {
  return parse(text).hooks.map(({ hook }) => hook);
}

export function refusal(text: string): InvalidHooksError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InvalidHooksError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** `line:column` of every problem. */
export function problemsOf(text: string): string[] {
  return refusal(text).problems.map(({ line, column }) => `${line}:${column}`);
}

/** `line:column message` of every problem, or of every warning of an accepted file. */
export function toldOf(text: string, hint?: FileHint): string[] {
  const told = ({ line, column, message }: Problem) => `${line}:${column} ${message}`;
  try {
    const set = parseHooksFile('f', text, hint);
    const warnings = warningsOf(set).map(told);
    return warnings.length > 0 ? warnings : [`accepted as ${set.format}`];
  } catch (error) {
    if (!(error instanceof InvalidHooksError)) throw error;
    return error.problems.map(told);
  }
}
