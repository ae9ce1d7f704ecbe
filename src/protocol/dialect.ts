/**
 * The differences between the hook protocols of agent systems, as data. A dialect is a table; the
 * code that reads it is in decide.ts, from-exit-code.ts, from-output.ts, output-object.ts,
 * combine.ts, combine-rewrites.ts and matcher.ts.
 */

import type { JudgeRules } from './judge-rules.ts';
import type { ExitRules, OutputRules, ReasonSource } from './output-rules.ts';

/** `ask`: a person decides where one can be asked; elsewhere it is `block`. */
export const failModes = ['allow', 'block', 'ask'] as const;
export type FailMode = (typeof failModes)[number];

/** Who configured a hook; each dialect defines the order in which the tiers run. */
export const tiers = ['system', 'agent', 'global'] as const;
export type Tier = (typeof tiers)[number];

/** What hooks can do at one event, and how their results are combined. */
export interface EventRules {
  readonly canBlock: boolean;
  /**
   * Hooks may ask a person. Otherwise, where the event can be blocked, `ask` counts as block; it
   * never turns into allow.
   */
  readonly canAsk: boolean;
  /** The hook's matcher is applied; other events ignore it. */
  readonly usesMatcher: boolean;
  /**
   * The text that the matcher is applied to, as a dotted path into the context. Default: the tool's
   * name, which must be there.
   */
  readonly matchOn?: string;
  /** All values of the text at `matchOn`, for the warnings of matchers that match none of them. */
  readonly matchValues?: readonly string[];
  /** The event's own matcher rule, where it differs from the dialect's. */
  readonly matcher?: MatcherRule;
  /** The hook's `sources` are compared with the context's `thread_source`. */
  readonly usesSources: boolean;
  /** The event is the end of the agent's turn, at which stopping is consent. */
  readonly endsTurn: boolean;
  /** A block ends the chain; otherwise every matching hook runs. */
  readonly shortCircuit: boolean;
  /**
   * The effect of a rejection without a reason: the default text is used, it counts as approval
   * with a warning, or it is an error.
   */
  readonly blankReason: 'default-text' | 'approve' | 'error';
  /**
   * The effect of exit code 2: it rejects, passes a text to the model (`feedback`) or the user
   * (`notice`), is an error like any other code, or has no effect.
   */
  readonly exit2: 'block' | 'feedback' | 'notice' | 'error' | 'ignored';
  /** The use of plain text on stdout, where the dialect's output rules take it as text. */
  readonly text: 'context' | 'message' | 'dropped' | 'error';
  /**
   * The effect of `continue: false`: it rejects the action, only ends the turn, ends it even
   * against a block in the same output, is ignored, or is an error.
   */
  readonly continueFalse: 'block' | 'stop' | 'stop-beats-block' | 'ignored' | 'error';
  /** Default true: the script's additional context is passed on. */
  readonly takesContext?: boolean;
  /** Default true: a rewritten tool input is passed on. */
  readonly takesInput?: boolean;
  /** An additional context counts as a block and keeps the agent going. */
  readonly contextBlocks?: boolean;
  /**
   * Upstream lets a later hook overturn an earlier block; hookpool does not and adds a diagnostic.
   */
  readonly laterWins?: boolean;
  /** Overrides the dialect's field of the same name, as the uncommented fields below do. */
  readonly order?: Order;
  readonly defaultFailMode?: FailMode;
  /** The default failMode of a timeout, where upstream distinguishes it from a crash. */
  readonly timeoutFailMode?: FailMode;
  readonly defaultTimeoutMs?: number;
  readonly blockReasonFrom?: readonly ReasonSource[];
  readonly defaultReason?: string;
  readonly errorReason?: string;
  /** Output keys, or `key=word`, for which upstream refuses the whole output. */
  readonly unsupported?: readonly string[];
  /** The default failMode of a hook that never started or was cancelled. */
  readonly notRunFailMode?: FailMode;
  /** The fields that a piped hook passes to the next one. Default: the tool's input. */
  readonly pipes?: readonly Pipe[];
  /** The dialect's extra fields that the event has. Default: all. */
  readonly extras?: readonly string[];
}

/** Copies one field of a hook's result into the context of the next hook. */
export interface Pipe {
  readonly from: 'updatedInput' | 'additionalContext' | { readonly extra: string };
  /** A dotted path into the context. */
  readonly to: string;
  /** `merge`: member by member. `append`: to the existing text, after a blank line. */
  readonly how: 'replace' | 'merge' | 'append';
}

/**
 * `piped`: the hooks run one after another, and each receives the input as the ones before rewrote
 * it.
 */
export type Order = 'sequential' | 'parallel' | 'piped';

export interface MatcherRule {
  /** The pattern must match the whole name; otherwise a match of any part is enough. */
  readonly anchored: boolean;
  readonly emptyMatches: 'nothing' | 'everything';
  /** Patterns of only letters, digits and separators are lists of exact names. */
  readonly exactList?: 'bars' | 'bars-and-commas';
  /** The pattern is a name with `*` for any text, or exactly the name. */
  readonly kind?: 'glob' | 'literal';
  /** Slashes around a pattern, `/…/`, are removed. */
  readonly slashes?: boolean;
  /** A leading `(?i)` makes the pattern ignore case. */
  readonly inlineCase?: boolean;
  /** Blanks around a pattern are removed. */
  readonly trims?: boolean;
  /** `**` matches everything, as `*` does. */
  readonly doubleStar?: boolean;
}

export type Joint = 'newline' | 'blank-line' | 'semicolon';

/**
 * A point where hookpool is stricter than upstream. Its text is a diagnostic of the result, and
 * part of docs/dialects.md.
 */
export type Deviation =
  | 'exit-2'
  | 'exit-2-blank'
  | 'exit-2-overturned'
  | 'no-reason'
  | 'continue-false'
  | 'ask'
  | 'later-wins'
  | 'broken';

export interface Dialect {
  readonly name: string;
  /** The system and the version of it that the table describes. */
  readonly about: string;
  readonly events: Readonly<Record<string, EventRules>>;
  readonly tierOrder: readonly Tier[];
  readonly order: Order;
  /** A hook that returns a stopReason ends the chain. */
  readonly stopEndsChain?: boolean;
  readonly dedupe: 'none' | 'command' | 'name-and-command' | 'all-fields';
  readonly defaultTimeoutMs: number;
  /** The defaults of http hooks, where they are others; the failMode then holds for every error. */
  readonly httpTimeoutMs?: number;
  readonly httpFailMode?: FailMode;
  /** Events that take no http hooks. */
  readonly httpNotAt?: readonly string[];
  readonly judges: JudgeRules;
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
  readonly defaultFailMode: FailMode;
  readonly maxScriptBytes: number;
  readonly matcher: MatcherRule;
  /** Names of the agent's own tools, for the warnings of names that no tool has. */
  readonly tools?: readonly string[];
  /**
   * Further names of a tool: a matcher or a condition that matches one of them matches the tool.
   */
  readonly matcherAliases?: Readonly<Record<string, readonly string[]>>;
  /** Members of the context that may name the event. */
  readonly eventKeys: readonly string[];
  /** Other names of the events, in other files of the same agent. */
  readonly eventAliases?: Readonly<Record<string, string>>;
  /** Members of the context that may name the session. */
  readonly sessionKeys: readonly string[];
  /**
   * Dotted paths into the context that may name the folder in which the agent works: a text, or a
   * list whose first text counts.
   */
  readonly cwdKeys: readonly string[];
  /**
   * Members of the context that name the file of the transcript on the agent's machine, as dotted
   * paths of at most two names. Where the caller gives the transcript, they name its copy in the
   * sandbox.
   */
  readonly transcriptKeys: readonly string[];
  /** Dotted paths into the context; the first that holds a string is the tool's name. */
  readonly toolName: readonly string[];
  /** Dotted paths into the context; the first that exists is the tool's input. */
  readonly toolInput: readonly string[];
  /**
   * Output keys, as dotted paths, or `key=word`, that belong to this dialect; others are read with
   * a diagnostic.
   */
  readonly nativeOutput: ReadonlySet<string>;
  readonly output: OutputRules;
  readonly exit: ExitRules;
  /** The decision for empty output, for plain text, and for an error with failMode allow. */
  readonly says: {
    readonly empty: 'none' | 'allow';
    readonly text: 'none' | 'allow';
    readonly error: 'none' | 'allow';
  };
  /** The sources of the reason for exit code 2; the first non-blank one wins. */
  readonly blockReasonFrom: readonly ReasonSource[];
  /** `{hook}` and `{event}` are replaced by their names. */
  readonly defaultReason: string;
  /** The text before the error message when an error blocks or asks; with `{failMode}` too. */
  readonly errorReason: string;
  /**
   * An error that does not block, and a rejection at an event that cannot be blocked, also return a
   * system message.
   */
  readonly tellsErrors: boolean;
  readonly contexts: 'last' | Joint;
  /** `<` and `>` in a context are written as entities. */
  readonly escapesContexts?: boolean;
  /**
   * The most characters of one hook's additional context that are passed on, and the text that
   * replaces the rest.
   */
  readonly contextLimit?: { readonly length: number; readonly marker: string };
  readonly reasons: { readonly of: 'first' | 'winning' | 'all'; readonly joint: Joint };
  /**
   * How a rewritten tool input changes the one before. `union`: the rewrites of all hooks together
   * replace it.
   */
  readonly rewrite: 'none' | 'replace' | 'merge' | 'union';
  /** A block discards all rewrites. */
  readonly blockDropsRewrite: boolean;
  /**
   * The variables in which the agent gives its hooks the project's folder. Sources: section 2 of
   * each agent's hook reference.
   */
  readonly folderVariables: readonly string[];
  /**
   * The prefix of the variables that the agent sets for its hooks: `CLAUDE` of `CLAUDE_ENV_FILE`.
   */
  readonly variablePrefix?: string;
  readonly deviations: Readonly<Partial<Record<Deviation, string>>>;
  /** Text for docs/dialects.md that the other fields cannot express. */
  readonly notes: readonly string[];
}
