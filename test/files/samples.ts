/** Short ways to read a hooks file and to look at its hooks or its problems. */
import type { HookSet } from '../../src/files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../../src/files/hooks-file.ts';
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
