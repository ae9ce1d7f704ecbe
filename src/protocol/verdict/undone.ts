/**
 * Hooks that exited with 0 and could not do their work: what their sandbox lacks, and which of
 * their programs failed.
 */
import type { Diagnostic } from '../decision.ts';
import type { Hook } from '../hook.ts';
import { quote } from './quote.ts';
import type { ParsedOutput } from './read-output.ts';
import { type Case, type Draft, fail, isClosed } from './reject-or-fail.ts';
import { importFailure, type ToolFailure, toolFailures } from './tool-failures.ts';

const mostLacks = 5;

/** The failures on stderr as diagnostics. */
export function failureDiagnostics(stderr: Uint8Array): Diagnostic[] {
  return toolFailures(stderr).map(diagnosticOf);
}

/**
 * The result of a script that exited with 0. A hook that must not fail open and gave no verdict
 * counts as its failMode where a program that it uses has certainly failed.
 */
export function withFailures(
  one: Case,
  parsed: ParsedOutput,
  draft: Draft,
  stderr: Uint8Array,
): Draft {
  const told = importFailure(draft.systemMessage);
  const noted =
    told.length === 0
      ? draft
      : { ...draft, diagnostics: [...draft.diagnostics, ...told.map(diagnosticOf)] };
  if (!isClosed(one) || one.hook.ignoreToolErrors === true || hasSpoken(parsed, draft))
    return noted;
  const failure = [...toolFailures(stderr), ...told].find(({ isCertain }) => isCertain);
  if (failure === undefined) return noted;
  const message = `The script exited with 0 and gave no decision, but a program that it uses failed: ${failure.message}. Check its result in the script (|| exit 1), or set ignoreToolErrors: true.`;
  return fail(one, 'HOOK_TOOL_FAILED', message, noted.diagnostics);
}

/** Whether the script has decided, or its run has failed already. */
function hasSpoken(parsed: ParsedOutput, { decision, cause }: Draft): boolean {
  if (decision === 'block' || decision === 'ask' || cause.kind === 'fail-mode') return true;
  if (parsed.kind !== 'output') return false;
  const { output } = parsed;
  const isChange = output.updatedInput !== undefined || output.extra !== undefined;
  return output.decision !== undefined || output.continue === false || isChange;
}

/** What the hook's sandbox lacks, for a result that lets the action go ahead. */
export function withLacks(hook: Hook, draft: Draft): Draft {
  const lacks = [...(hook.lacks ?? []), ...(hook.lacksOfProject ?? [])];
  if (lacks.length === 0 || draft.decision === 'block' || draft.decision === 'ask') return draft;
  const first = lacks.slice(0, mostLacks).map(quote);
  const more = lacks.length - first.length;
  const messages = more > 0 ? [...first, `and ${more} more`] : first;
  const diagnostics = messages.map((message) => ({ code: 'lacks', message }));
  return { ...draft, diagnostics: [...draft.diagnostics, ...diagnostics] };
}

function diagnosticOf({ code, message }: ToolFailure): Diagnostic {
  return { code, message };
}
