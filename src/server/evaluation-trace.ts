/** What one evaluation reports while it runs: for its record, and where it is asked for, explained. */
import type { Explained, SelectionTrace } from '../dispatch/explain.ts';
import type { Outcomes } from '../dispatch/happened.ts';
import type { Context } from '../protocol/context.ts';
import type { Decision } from '../protocol/decision.ts';
import type { Hook } from '../protocol/hook.ts';
import { subjectOf } from '../protocol/matching/seen-input.ts';
import type { AuditSubject } from './audit-record.ts';
import type { Timings } from './explanation.ts';

export class EvaluationTrace {
  /** Absent: nobody asks for an explanation, and none of it is written down. */
  readonly selection: SelectionTrace | undefined;
  readonly #startedAt = performance.now();
  readonly #starts = new Map<Hook, number>();
  #context: Context | undefined;
  #selectMs = 0;
  #own: { readonly decision: Decision; readonly ran: readonly Hook[] } | undefined;

  constructor(selection?: SelectionTrace) {
    this.selection = selection;
  }

  readonly onContext = (context: Context): void => {
    this.#context = context;
    this.#selectMs = this.#elapsedMs();
  };

  readonly onStart = (hook: Hook): void => void this.#starts.set(hook, this.#elapsedMs());

  readonly onDecided = (decision: Decision, ran: readonly Hook[]): void => {
    this.#own = { decision, ran };
  };

  /** @param asked when the request came, and when the hooks began to be read */
  timings(asked: number, began: number): Timings {
    return {
      storeMs: began - asked,
      checkMs: this.#startedAt - began,
      selectMs: this.#selectMs,
      totalMs: performance.now() - asked,
    };
  }

  /** The tool of the event, and unless the operator omits it, what it is used on. */
  called(withSubject: boolean): Pick<AuditSubject, 'tool' | 'subject'> {
    const tool = this.#context?.tool;
    if (tool === undefined) return {};
    const subject = withSubject ? subjectOf(tool) : undefined;
    return { tool: tool.toolName.slice(0, maxToolLength), subject };
  }

  /** What is known of the hooks behind a decision; nothing where another server has made it. */
  outcomesOf(decision: Decision): Outcomes {
    // evaluate() adds the results of shadow hooks to a copy, which keeps the other members.
    const isOwn = this.#own?.decision.diagnostics === decision.diagnostics;
    return isOwn ? { decision, ran: this.#own?.ran, starts: this.#starts } : { decision };
  }

  /** What an explanation needs; undefined where none was asked for. */
  explained(event: Pick<Explained, 'dialect' | 'hooks'>): Explained | undefined {
    if (this.selection === undefined || this.#context === undefined) return undefined;
    return { ...event, context: this.#context, trace: this.selection };
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }
}

/** A longer name is none of a tool. */
const maxToolLength = 200;
