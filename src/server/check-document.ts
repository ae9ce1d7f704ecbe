/** The check of a hooks file that is not stored: for an editor, at each change of the text. */
import { UnavailableError } from '../errors.ts';
import { type HookSet, warningsOf } from '../files/hook-set.ts';
import { told } from '../files/source-document.ts';
import { scriptOf } from '../protocol/action.ts';
import { sha256 } from './audit-record.ts';
import { type HookCompiler, hooksOf } from './hook-compiler.ts';
import { checkJson } from './hook-set-handlers.ts';
import { FieldError, type FieldProblem } from './http-error.ts';
import type { HookDocument } from './stores.ts';

export interface DocumentCheck {
  readonly tenant: string;
  /** The document must be JSON, and not YAML. */
  readonly isJson: boolean;
  /** The interpreters parse the scripts. */
  readonly syntax: boolean;
}

/** Whatever is wrong with the document is part of the answer. */
export async function checkDocument(
  compiler: HookCompiler,
  document: HookDocument,
  { tenant, isJson, syntax }: DocumentCheck,
): Promise<object> {
  const read = await problemsOf(async () => {
    if (isJson) checkJson(document.text);
    return compiler.compile(document, { tenant });
  });
  if (read.set === undefined)
    return { ok: false, problems: read.problems, warnings: [], syntaxChecked: false, hooks: [] };
  const { set } = read;
  const parsed = syntax
    ? await problemsOf(() => compiler.check(document, tenant))
    : { problems: [], isUnknown: true };
  const { format, dialect, agent } = set;
  return {
    ok: parsed.problems.length === 0,
    ...{ format, dialect: dialect.name, agent },
    problems: parsed.problems,
    warnings: told(warningsOf(set)).map(({ line, column, message }) => ({ line, column, message })),
    syntaxChecked: parsed.isUnknown !== true,
    hooks: hooksOf(document, set).map((hook, at) => describeHook(hook, set.hooks[at])),
  };
}

interface Found {
  readonly set?: HookSet;
  readonly problems: readonly (FieldProblem & { readonly pointer: string })[];
  /** There was no sandbox for the check. */
  readonly isUnknown?: boolean;
}

async function problemsOf(read: () => Promise<HookSet>): Promise<Found> {
  try {
    return { set: await read(), problems: [] };
  } catch (error) {
    if (error instanceof UnavailableError) return { problems: [], isUnknown: true };
    if (!(error instanceof FieldError)) throw error;
    const { pointer, message, problems = [{ line: 1, column: 1, message }] } = error;
    return { problems: problems.map((one) => ({ ...one, pointer: one.pointer ?? pointer })) };
  }
}

function describeHook(
  hook: ReturnType<typeof hooksOf>[number],
  loaded: HookSet['hooks'][number] | undefined,
): object {
  const { name, event, tier, action, matcher, conditionText, sources, timeoutMs, failMode } = hook;
  const script = scriptOf(hook);
  return {
    ...{ hook: name, event, tier, kind: action.kind, timeoutMs, failMode },
    ...{ matcher, condition: conditionText, sources },
    line: loaded?.scriptPlace.line,
    runtime: script?.runtime,
    scriptSha256: script && sha256(script.source),
    onDemand: hook.activation === 'on-demand' ? true : undefined,
    ...{ async: hook.async, shadow: hook.shadow, runsOnce: hook.once },
    unsupported: action.kind === 'unsupported' ? action.reason : undefined,
  };
}
