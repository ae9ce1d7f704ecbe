/** The hooks of one evaluation, compiled from its documents within its time. */
import { orFallback } from '../deadline.ts';
import { HookpoolError, InvalidInputError } from '../errors.ts';
import type { Dialect } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { ServerDeps } from './deps.ts';
import { type EvaluationInput, leftMs } from './evaluation-input.ts';
import { type HookCompiler, hooksOf } from './hook-compiler.ts';
import { FieldError, HttpError } from './http-error.ts';

/** Share of the remaining time that reading the hooks may take; the rest is for the answer. */
const compileShare = 0.9;
/**
 * Timeout of the syntax check: it helps the author of the hooks, so the event does not wait longer
 * for it.
 */
const maxCheckMs = 5_000;

export interface CompiledHooks {
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
  /** Names the stored set of a hook, or the text that came with the request. */
  readonly setOf: (hook: Hook) => string;
}

/**
 * Compiles the documents. The dialect is that of the first one; all others must be of it.
 * @throws HttpError when the caller named another dialect; FieldError for bad hooks
 */
export async function compileHooks(
  compiler: HookCompiler,
  input: Pick<
    EvaluationInput,
    'documents' | 'dialect' | 'tenant' | 'unchecked' | 'deadlineMs' | 'startedAt'
  >,
): Promise<CompiledHooks> {
  const { documents, dialect: named, tenant } = input;
  const left = leftMs(input);
  const withinMs = left && left * compileShare;
  const sets = await Promise.all(
    documents.map(async (document) => {
      const set = await compiler.compile(document, { tenant, withinMs });
      return { document, set };
    }),
  );
  const dialect = sets[0]?.set.dialect;
  if (dialect === undefined) throw new Error('an evaluation without a document');
  if (named !== undefined && dialect.name !== named) {
    throw new HttpError(
      400,
      'INVALID_REQUEST',
      `The hooks are of the ${dialect.name} dialect, not of ${named}.`,
      '/dialect',
    );
  }
  const foreign = sets.find(({ set }) => set.dialect !== dialect)?.set;
  if (foreign !== undefined) {
    const text = `The hook set is of the ${dialect.name} dialect, a global hook of the ${foreign.dialect.name} dialect.`;
    throw new FieldError('/hookset', new InvalidInputError('INVALID_HOOKS', text));
  }
  const hooksOfSets = sets.map(({ document, set }) => ({
    document,
    hooks: hooksOf(document, set),
  }));
  return {
    dialect,
    hooks: hooksOfSets.flatMap(({ hooks }) => hooks),
    setOf: (hook) => {
      const document = hooksOfSets.find(({ hooks }) => hooks.includes(hook))?.document;
      return input.unchecked ? `text ${document?.sha256}` : `${document?.scope} ${document?.name}`;
    },
  };
}

/**
 * Checks the syntax of the scripts. Without a sandbox for it the evaluation goes on: a script
 * that does not parse ends with an exit code of its interpreter, which counts as its failMode or
 * as a block.
 */
export async function checkSyntax(
  compiler: HookCompiler,
  input: EvaluationInput,
  logger: ServerDeps['logger'],
): Promise<void> {
  const { documents, tenant } = input;
  const checkMs = Math.min(maxCheckMs, (leftMs(input) ?? Infinity) / 2);
  const checks = Promise.all(documents.map((document) => compiler.check(document, tenant)));
  try {
    await orFallback(checkMs, checks, () => undefined);
  } catch (error) {
    if (error instanceof FieldError || !(error instanceof HookpoolError)) throw error;
    logger?.warn({ code: error.code }, 'hooks were not checked: no sandbox for it');
  }
}
