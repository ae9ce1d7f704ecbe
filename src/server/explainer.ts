/** Explains evaluations without running anything. */
import { explainEvent } from '../dispatch/explain.ts';
import type { Outcomes } from '../dispatch/happened.ts';
import { selectHooks } from '../dispatch/select.ts';
import type { Hook } from '../protocol/hook.ts';
import { compileHooks } from './evaluation-hooks.ts';
import { type EvaluationInput, leftMs } from './evaluation-input.ts';
import { type ServedExplanation, withScripts } from './explanation.ts';
import type { HookCompiler } from './hook-compiler.ts';
import { FieldError } from './http-error.ts';
import type { Reader } from './reading/reader.ts';

/** The part of an evaluation's input that tells which hooks are for its event. */
export type ExplainedInput = Pick<
  EvaluationInput,
  | 'tenant'
  | 'dialect'
  | 'documents'
  | 'unchecked'
  | 'event'
  | 'context'
  | 'transcript'
  | 'active'
  | 'deadlineMs'
  | 'startedAt'
>;

export class Explainer {
  readonly #compiler: HookCompiler;
  readonly #reader: Pick<Reader, 'context'>;

  constructor(compiler: HookCompiler, reader: Pick<Reader, 'context'>) {
    this.#compiler = compiler;
    this.#reader = reader;
  }

  /**
   * @param outcomes what became of the evaluation; absent: it tells what would run
   * @throws FieldError for bad input
   */
  async explain(input: ExplainedInput, outcomes?: Outcomes): Promise<ServedExplanation> {
    return this.#select(input, (event) => withScripts(explainEvent(event, outcomes), event.hooks));
  }

  /**
   * The hooks that are for the event, in the order in which they run.
   * @throws FieldError for bad input
   */
  async selected(input: ExplainedInput): Promise<readonly Hook[]> {
    return this.#select(input, ({ dialect, hooks, context, active }) => {
      const selection = selectHooks(dialect, hooks, context, active);
      return selection.hooks.filter((hook) => !selection.unmet.has(hook));
    });
  }

  async #select<T>(
    input: ExplainedInput,
    read: (event: Parameters<typeof explainEvent>[0]) => T,
  ): Promise<T> {
    const { dialect, hooks } = await compileHooks(this.#compiler, input);
    const { tenant, event, context: content, active } = input;
    const transcript = input.transcript === undefined ? undefined : Buffer.from(input.transcript);
    try {
      const asked = { bytes: content.bytes, content, event, transcript };
      const call = { tenant, withinMs: leftMs(input) };
      const context = await this.#reader.context(dialect, asked, call);
      return read({ dialect, hooks, context, active: new Set(active) });
    } catch (error) {
      throw FieldError.of(error);
    }
  }
}
