/**
 * A workspace is read-only, and its files belong to another user, so that not even a layer above it
 * could be written. A script that writes into it before it looks ends without a decision. It runs a
 * second time, where the project's variables name its own copy of its files, which it can write.
 */
import { type SandboxCode, SandboxError } from '../errors.ts';
import type { HookResult } from '../protocol/decision.ts';
import type { Hook } from '../protocol/hook.ts';

/** What is left of the hook's time must suffice for more than the start of an interpreter. */
export const leastLeftMs = 10;

/**
 * Whether a run said nothing because of a write, also where it ended with exit code 0. The copy holds
 * less than the workspace, so that a guard that must not fail open keeps its result.
 */
export function failedOnWrite({ failMode }: Hook, result: HookResult): boolean {
  const { cause, diagnostics } = result;
  const failed = cause.kind === 'fail-mode' && cause.code === 'HOOK_EXIT_CODE';
  if (failMode !== 'allow' || !diagnostics.some(({ code }) => code === readOnly)) return false;
  return failed || (cause.kind !== 'fail-mode' && isSilent(result));
}

function isSilent(result: HookResult): boolean {
  const { decision, reason, additionalContext, systemMessage, updatedInput, extra } = result;
  const words = [reason, additionalContext, systemMessage, updatedInput, extra];
  return (
    decision === 'none' && result.continue !== false && words.every((one) => one === undefined)
  );
}

/**
 * The result of the second run, if it may stand in the place of the failure. It may not approve or
 * rewrite: the script has not seen all of the project.
 */
export function insteadOf(first: HookResult, second: HookResult): HookResult {
  const { cause, decision, updatedInput, diagnostics } = second;
  const isGranting = decision === 'allow' || updatedInput !== undefined;
  if (cause.kind === 'fail-mode' || isGranting) return first;
  const failure = first.diagnostics.find(({ code }) => code === readOnly)?.message;
  const message = `The workspace is read-only, and a write of the script failed: ${failure}. It ran again with a copy of its own files as the project; what it wrote there is gone.`;
  return { ...second, diagnostics: [...diagnostics, { code: 'ran-in-copy', message }] };
}

/**
 * Whether the second run broke its sandbox: that is told as for the first run, so that a script which
 * breaks only its second ones is put into quarantine too.
 */
export function brokeSandbox(error: unknown): boolean {
  return error instanceof SandboxError && breaks.has(error.code);
}

const breaks: ReadonlySet<string> = new Set<SandboxCode>([
  'SANDBOX_LOST',
  'BAD_FRAME',
  'BAD_STREAM',
]);
const readOnly = 'read-only';
