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
  'ran-in-copy',
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

function failuresIn(result: HookResult): string[] {
  const { hook, cause, diagnostics, systemMessage } = result;
  const notes = diagnostics.filter(({ code }) => codes.has(code));
  const repeated = aboutModule(notes);
  const module = repeated.find(({ code }) => code === 'lacks') ?? repeated[0];
  const others = notes.filter((note) => !repeated.includes(note));
  const told = (some: readonly Diagnostic[]) =>
    some.map(({ message }) => `The hook ${hook}: ${message}`);
  if (cause.kind !== 'fail-mode' || systemMessage !== undefined)
    return told(module === undefined ? others : [module, ...others]);
  const isCause = module !== undefined && cause.code === 'HOOK_EXIT_CODE';
  const failed = whyNotBlocked(result, isCause ? module.message : cause.message);
  return [`The hook ${hook} gave no decision, and ${failed}`, ...told(others)];
}

/** Why a hook that gave no decision blocks nothing, with the cause. */
function whyNotBlocked({ event, diagnostics }: HookResult, cause: string): string {
  const noteOf = (wanted: string) => diagnostics.find(({ code }) => code === wanted);
  const limit = noteOf('rejection-limit');
  if (limit !== undefined) return `its failMode is block or ask: ${cause} ${limit.message}`;
  return noteOf('cannot-block') === undefined
    ? `its failMode is allow: ${cause}`
    : `its failMode is block or ask, but ${event} cannot be blocked: ${cause}`;
}

/** The notes about the python module that was not found: all of them say the same. */
function aboutModule(notes: readonly Diagnostic[]): readonly Diagnostic[] {
  const missing = notes.find(({ code }) => code === 'module-not-found');
  const module = /No module named ['"]?(\w+)/.exec(missing?.message ?? '')?.[1];
  if (module === undefined) return [];
  const names = (text: string) => text.includes('python module') && wordsOf(text).includes(module);
  return notes.filter(
    ({ code, message }) => code === 'module-not-found' || (code === 'lacks' && names(message)),
  );
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\W+/);
}
