/** What a person has to know about hooks that let an action go ahead and did not do their work. */
import type { Decision, Diagnostic, HookResult } from '../protocol/decision.ts';

const mostFailures = 5;
const mostCharacters = 300;

const codes: ReadonlySet<string> = new Set([
  'command-not-found',
  'module-not-found',
  'python-error',
  'jq-error',
  'shell-error',
  'program-error',
  'file-not-found',
  'read-only',
  'permission-denied',
  'lacks',
]);

/** The failures of the hooks that objected to nothing; none beside a block. */
export function failuresOf({ decision, results }: Decision): readonly string[] {
  if (decision === 'block') return [];
  const all = results
    .filter((result) => result.decision === 'none' || result.decision === 'allow')
    .flatMap(failuresIn);
  const first = all.slice(0, mostFailures).map((text) => text.slice(0, mostCharacters));
  return all.length > first.length ? [...first, `and ${all.length - first.length} more`] : first;
}

function failuresIn({ hook, cause, diagnostics, systemMessage }: HookResult): string[] {
  const failed =
    cause.kind === 'fail-mode' && systemMessage === undefined
      ? [`The hook ${hook} gave no decision, and its failMode is allow: ${cause.message}`]
      : [];
  const isFailure = ({ code }: Diagnostic) => codes.has(code);
  const noted = diagnostics.filter(isFailure).map(({ message }) => `The hook ${hook}: ${message}`);
  return [...failed, ...noted];
}
