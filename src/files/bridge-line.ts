/**
 * Finds the bridge in a hook's own command. A file whose line was changed to `hookpool hook` holds
 * the bridge in the place of the guard: in a sandbox the command is not found, and under failMode
 * allow everything would be permitted.
 */
import { calledBy, inlineShell, shells } from '../bundling/called.ts';
import type { Script } from '../protocol/script.ts';
import { readShell, wordsAndInputs } from '../protocol/shell-text.ts';
import type { KeyProblem } from './hook-problems.ts';
import type { OwnEntry } from './loaded-hook.ts';

const message =
  'This is the bridge itself: send the file as it was before the line was changed to the bridge.';

/** Programs that start the program or the file that stands among the words after them. */
const launchers =
  'npx pnpx bunx npm pnpm yarn node nodejs bun deno tsx bash sh dash setsid source .'.split(' ');
const bridgeScript = /(?:^|\/)hookpool-hook(?:\.sh)?$/;
const program = /(?:^|\/)hookpool(?:@[^/]*)?$/;
/** The program's main file in a package or in a checkout. */
const mainFile = /(?:^|\/)(?:dist|src)\/cli\/main\.[jt]s$/;

/** A longer text is refused as a script anyway. */
const mostCharacters = 64 << 10;

/** The problem of an entry whose command or script calls the bridge. */
export function bridgeProblem(entry: OwnEntry['entry']): KeyProblem | undefined {
  const key = ['command', 'script'].find((name) => callsBridge(entry[name]));
  return key === undefined ? undefined : [key, message];
}

/** The problem of a command that starts a shell script of its project that calls the bridge. */
export function bridgeFileProblem({ bundle, runs = [] }: Script): KeyProblem | undefined {
  const started = runs.filter(({ runtime }) => runtime === 'bash').map(({ path }) => path);
  const files = bundle?.files.filter(({ path }) => started.includes(path)) ?? [];
  return files.some(({ content }) => callsBridge(new TextDecoder().decode(content)))
    ? ['command', message]
    : undefined;
}

/** Whether a line of shell, or a script, starts the bridge. */
export function callsBridge(text: unknown): boolean {
  if (typeof text !== 'string' || text.length > mostCharacters || !text.includes('hook'))
    return false;
  return readShell(text).commands.some((command) => isBridge(wordsAndInputs(command)));
}

function isBridge(words: readonly string[]): boolean {
  const { program: called, given } = calledBy(words);
  const inline = shells.includes(called) ? inlineShell(given) : undefined;
  if (inline !== undefined) return callsBridge(inline);
  if (startsBridge(called, given[0])) return true;
  const launcher = called.slice(called.lastIndexOf('/') + 1);
  return (
    launchers.includes(launcher) && given.some((word, at) => startsBridge(word, given[at + 1]))
  );
}

function startsBridge(word: string, next: string | undefined): boolean {
  return (
    bridgeScript.test(word) || (next === 'hook' && (program.test(word) || mainFile.test(word)))
  );
}
