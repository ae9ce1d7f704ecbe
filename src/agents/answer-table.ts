/**
 * What can be said to an agent, as data: one table per agent system, one row per event. It is the
 * other direction of a dialect: that one reads what scripts print, this one prints what agents read.
 */

/**
 * What is at stake. `pre-tool`, `permission`, `prompt`: something is about to happen. `post-tool`: it
 * has happened, and the model may be told. `stop`: to block means that the agent goes on. `notice`:
 * nothing waits for the answer.
 */
export type EventKind = 'pre-tool' | 'permission' | 'prompt' | 'post-tool' | 'stop' | 'notice';

/**
 * JSON whose texts may be one of the holes `$reason`, `$context`, `$event`, `$input`, `$system`, `$stop`, or
 * `$NAME` for what `Decision.extra` has under that name.
 */
export type Template = string | boolean | { readonly [key: string]: Template };

/** A whole answer. A stdout that is a mapping is printed as one line of JSON, a text as it is. */
export interface Words {
  /** Default: 0. */
  readonly exitCode?: number;
  readonly stdout?: Template;
  readonly stderr?: string;
}

export interface EventAnswers {
  readonly kind: EventKind;
  /** The agent obeys a block here. Where not, `block` is what comes nearest: it is shown to somebody. */
  readonly blocks: boolean;
  readonly block: Words;
  /** Absent: nobody can be asked, so that an ask becomes a block. */
  readonly ask?: Words;
  /** Another input for the tool. Absent: it would run with the old one, so that a rewrite becomes a block. */
  readonly input?: Template;
  /** The agent lays the new input over the old one, so that a member that is gone would stay: that is a block. */
  readonly inputMerges?: boolean;
  /** What else hooks may change, by its name in `Decision.extra`. Absent: it would stay as it is, see whyBlock(). */
  readonly changes?: Readonly<Record<string, Template>>;
  /** A text for the model. Absent: it goes to stderr, where a log may keep it. */
  readonly context?: Template;
  /** A text for the person. Absent: stderr. */
  readonly system?: Template;
  /** End the turn; also beside a block. */
  readonly stop?: Template;
}

/** Something is about to happen, and waits for the answer. */
export function isBefore(kind: EventKind): boolean {
  return kind === 'pre-tool' || kind === 'permission' || kind === 'prompt';
}

export interface AnswerTable {
  /** That of the dialect. */
  readonly name: string;
  /** By the agent's own spelling. */
  readonly events: Readonly<Record<string, EventAnswers>>;
  /** For an event that is in no table: agents get new ones faster than tables do. */
  readonly unknown: EventAnswers;
}

/** Decision and reason at the top level, exit code 0. */
export function jsonDecision(decision: 'block' | 'deny' | 'ask'): Words {
  return { stdout: { decision, reason: '$reason' } };
}

/** The one block that nearly every agent obeys, JSON or not. */
export const exitTwo: Words = { exitCode: 2, stderr: '$reason' };

export const unknownEvent: EventAnswers = { kind: 'pre-tool', blocks: true, block: exitTwo };

/** An event that no answer changes; a block is at least shown. */
export const notice: EventAnswers = { kind: 'notice', blocks: false, block: exitTwo };

/** In the camelCase object of Claude Code and those who took it over, which needs the exact event name. */
export function inHookOutput(fields: { readonly [key: string]: Template }): Template {
  return { hookSpecificOutput: { hookEventName: '$event', ...fields } };
}

export const hookContext = inHookOutput({ additionalContext: '$context' });
export const hookInput = inHookOutput({ updatedInput: '$input' });
export const hookAsk: Words = { stdout: inHookOutput({ permissionDecision: 'ask', permissionDecisionReason: '$reason' }) };
export const systemMessage: Template = { systemMessage: '$system' };
export const endTurn: Template = { continue: false, stopReason: '$stop' };

/** What Claude Code and those who took its fields over understand beside any verdict. */
export const besides = { system: systemMessage, stop: endTurn } as const;
/** Their event that no answer changes. */
export const shown: EventAnswers = { ...notice, ...besides };
/** Their block at the top level of the JSON. */
export const topLevelBlock = { ...besides, blocks: true, block: jsonDecision('block') } as const;
