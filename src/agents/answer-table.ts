/**
 * The answers that agents understand, as data: one table per dialect, one row per event. An answer
 * table is the reverse of a dialect: a dialect reads what scripts print, an answer table prints
 * what agents read.
 */

/**
 * What a block affects at the event. `pre-tool`, `permission`, `prompt`: the action has not
 * happened yet. `post-tool`: the tool has run, and the model may be informed. `stop`: a block keeps
 * the agent going. `notice`: the agent does not wait for the answer.
 */
export type EventKind = 'pre-tool' | 'permission' | 'prompt' | 'post-tool' | 'stop' | 'notice';

/**
 * JSON whose strings may be placeholders: `$reason`, `$context`, `$event`, `$input`, `$system`,
 * `$stop`, or `$NAME` for the value of that name in `Decision.extra`.
 */
export type Template = string | boolean | { readonly [key: string]: Template };

/**
 * A complete answer. A stdout that is an object is printed as one line of JSON, a string as it is.
 */
export interface Words {
  /** Default: 0. */
  readonly exitCode?: number;
  readonly stdout?: Template;
  readonly stderr?: string;
}

export interface EventAnswers {
  readonly kind: EventKind;
  /**
   * Whether the agent obeys a block at this event. Otherwise `block` is the nearest substitute,
   * which only shows the reason to the model or the user.
   */
  readonly blocks: boolean;
  readonly block: Words;
  /**
   * The block in the body of an HTTP answer, for an event whose `block` is an exit code. Absent: as
   * Claude Code reads it.
   */
  readonly bodyBlock?: Template;
  /** Absent: the agent cannot ask a person at this event, so an ask becomes a block. */
  readonly ask?: Words;
  /**
   * A new input for the tool. Absent: the tool would run with its old input, so a rewrite becomes a
   * block.
   */
  readonly input?: Template;
  /**
   * The agent merges the new input into the old one, so a member that the hook removed would stay:
   * such a rewrite becomes a block.
   */
  readonly inputMerges?: boolean;
  /**
   * Other changes that hooks may request, by their names in `Decision.extra`. Absent: the agent
   * would not make the change, see whyBlock().
   */
  readonly changes?: Readonly<Record<string, Template>>;
  /** A text for the model. Absent: the text goes to stderr, where a log may keep it. */
  readonly context?: Template;
  /** A text for the user. Absent: the text goes to stderr. */
  readonly system?: Template;
  /** Ends the turn; it is also used beside a block. */
  readonly stop?: Template;
}

/** Whether the action of the event has not happened yet and waits for the answer. */
export function isBefore(kind: EventKind): boolean {
  return kind === 'pre-tool' || kind === 'permission' || kind === 'prompt';
}

export interface AnswerTable {
  /** The dialect's name. */
  readonly name: string;
  /** The rows of the events, in the agent's own spelling. */
  readonly events: Readonly<Record<string, EventAnswers>>;
  /**
   * The agent also sends http hooks, and reads the body of a 2xx answer as the stdout of a command
   * that exits with 0. No status blocks.
   */
  readonly overHttp?: true;
  /**
   * The row of events that are not in the table: agents add events faster than tables are updated.
   */
  readonly unknown: EventAnswers;
}

/** A decision and its reason at the top level of stdout, with exit code 0. */
export function jsonDecision(decision: 'block' | 'deny' | 'ask'): Words {
  return { stdout: { decision, reason: '$reason' } };
}

/** The block that nearly every agent obeys, whether it reads JSON or not. */
export const exitTwo: Words = { exitCode: 2, stderr: '$reason' };

export const unknownEvent: EventAnswers = { kind: 'pre-tool', blocks: true, block: exitTwo };

/** An event at which no answer changes anything; a block is only shown. */
export const notice: EventAnswers = { kind: 'notice', blocks: false, block: exitTwo };

/**
 * Wraps fields in the camelCase object of Claude Code and of the agents that adopted it. The object
 * needs the exact event name.
 */
export function inHookOutput(fields: { readonly [key: string]: Template }): Template {
  return { hookSpecificOutput: { hookEventName: '$event', ...fields } };
}

export const hookContext = inHookOutput({ additionalContext: '$context' });
export const hookInput = inHookOutput({ updatedInput: '$input' });
export const hookAsk: Words = {
  stdout: inHookOutput({ permissionDecision: 'ask', permissionDecisionReason: '$reason' }),
};
export const systemMessage: Template = { systemMessage: '$system' };
export const endTurn: Template = { continue: false, stopReason: '$stop' };

/** The fields that Claude Code and the agents that adopted them read beside any verdict. */
export const besides = { system: systemMessage, stop: endTurn } as const;
/** An event of these agents at which no answer changes anything. */
export const shown: EventAnswers = { ...notice, ...besides };
/** The block of these agents, at the top level of the JSON. */
export const topLevelBlock = { ...besides, blocks: true, block: jsonDecision('block') } as const;
