/**
 * What differs between the hook protocols of agent systems, as data. A dialect is a table; the code
 * that reads it is in decide.ts, exit.ts, said.ts, combine.ts, matcher.ts and rewrite.ts.
 */
import { type InputField, InvalidInputError } from '../errors.ts';
import { ownProperty } from './json.ts';
import { shown } from './shown.ts';

export const failModes = ['allow', 'block'] as const;
export type FailMode = (typeof failModes)[number];

/** Who configured a hook; dialects give the order in which they run. */
export const tiers = ['system', 'agent', 'global'] as const;
export type Tier = (typeof tiers)[number];

/** What one event can do and how its hooks go together. */
export interface EventRules {
  readonly canBlock: boolean;
  /** A person may be asked. Where not, `ask` counts as block: it never turns into allow. */
  readonly canAsk: boolean;
  /** The matcher is applied; elsewhere it is ignored. */
  readonly usesMatcher: boolean;
  /** What the matcher is applied to, as a dotted path into the context. Default: the tool's name, which must be there. */
  readonly matchOn?: string;
  /** Where the event's matcher is read in another way than the dialect's. */
  readonly matcher?: MatcherRule;
  /** The hook's `sources` are compared with the context's `thread_source`. */
  readonly usesSources: boolean;
  /** The event is the end of the agent's turn: to stop there is consent. */
  readonly endsTurn: boolean;
  /** A block ends the chain; otherwise every matching hook runs. */
  readonly shortCircuit: boolean;
  /** A rejection without a reason: the default text is used, it counts as approval with a warning, or it is an error. */
  readonly blankReason: 'default-text' | 'approve' | 'error';
  /** What exit code 2 does: rejects, goes to the model or the user as a text, is an error like any other code, or nothing. */
  readonly exit2: 'block' | 'feedback' | 'notice' | 'error' | 'ignored';
  /** What becomes of plain text on stdout, where the dialect has it for text. */
  readonly text: 'context' | 'message' | 'dropped' | 'error';
  /** `continue: false` rejects the action, only ends the turn, ends it even against a block, is ignored, or is an error. */
  readonly continueFalse: 'block' | 'stop' | 'stop-beats-block' | 'ignored' | 'error';
  /** Default true: a context that the script gives is handed on. */
  readonly takesContext?: boolean;
  /** Default true: a rewritten tool input is handed on. */
  readonly takesInput?: boolean;
  /** A context alone keeps the agent going. */
  readonly contextBlocks?: boolean;
  /** Upstream lets a later hook overturn an earlier block; hookpool does not and says so. */
  readonly laterWins?: boolean;
  /** Where these are not those of the dialect. */
  readonly order?: Order;
  readonly defaultFailMode?: FailMode;
  /** What running into the timeout counts as by default, where upstream tells it apart from a crash. */
  readonly timeoutFailMode?: FailMode;
  readonly defaultTimeoutMs?: number;
  readonly blockReasonFrom?: readonly ReasonSource[];
  readonly defaultReason?: string;
  readonly errorReason?: string;
  /** Output keys, or `key=word`, with which upstream refuses the whole output. */
  readonly unsupported?: readonly string[];
  /** Exit code 2 without a text on stderr is an error, where it would only be told. */
  readonly blankFeedback?: 'error';
  /** What never starting and being cancelled count as by default. */
  readonly notRunFailMode?: FailMode;
  /** After so many rejections in a row the agent may end its turn all the same. */
  readonly maxRejections?: number;
  /** What a piped hook hands to the next one, beside the tool's input. */
  readonly pipes?: readonly Pipe[];
  /** Which of the dialect's extra fields it has. Default: all. */
  readonly extras?: readonly string[];
}

/** One way from a hook's result into the context of the next. */
export interface Pipe {
  readonly from: 'updatedInput' | 'additionalContext' | { readonly extra: string };
  /** A dotted path into the context. */
  readonly to: string;
  /** `merge`: member by member. `append`: to the text that is there, after a blank line. */
  readonly how: 'replace' | 'merge' | 'append';
}

/** `piped`: one after another, each one given the input as the ones before rewrote it. */
export type Order = 'sequential' | 'parallel' | 'piped';

export interface MatcherRule {
  /** The pattern must match the whole name; otherwise any part of it will do. */
  readonly anchored: boolean;
  readonly emptyMatches: 'nothing' | 'everything';
  /** Patterns of letters, digits and separators only are lists of exact names. */
  readonly exactList?: 'bars' | 'bars-and-commas';
  /** The pattern is a name with `*` for any text, or exactly the name. */
  readonly kind?: 'glob' | 'literal';
  /** `/…/` around a pattern is decoration. */
  readonly slashes?: boolean;
  /** A leading `(?i)` is understood. */
  readonly inlineCase?: boolean;
  /** Blanks around a pattern do not count. */
  readonly trims?: boolean;
  /** `**` is everything too. */
  readonly doubleStar?: boolean;
}

/** `rejection`: the reason of an output that itself rejects. */
export type ReasonSource = 'stderr' | 'stdout' | 'output' | 'rejection' | 'context';

/** An error goes through the failMode; `text`: as plain text; `nothing`: the script has said nothing. */
type Reading = 'error' | 'text' | 'nothing';

/** Ways to find the verdict in what was printed; any dialect may use any of them. */
export type DocumentRule = 'json-string' | 'control-line' | 'progress-lines';

export interface OutputRules {
  readonly documents: readonly DocumentRule[];
  /** stderr is read where stdout is blank. */
  readonly elseStderr: boolean;
  /** Text that does not begin like JSON; that begins like JSON and is none; JSON of another kind. */
  readonly plainText: Reading;
  readonly broken: Reading;
  readonly array: Reading;
  readonly scalar: Reading;
  /** A decision that is no known word, and an object of which no key is known. */
  readonly unknownValue: Reading;
  readonly unknownKeys: Reading;
  /** Unknown keys beside known ones, and values of another type; `error-and-null`: null is one too. */
  readonly extraKeys: 'noted' | 'error';
  readonly wrongType: 'noted' | 'error' | 'error-and-null';
  /** Words count in any case. */
  readonly foldsWords: boolean;
  /** `continue` is false also where it is null, 0 or empty. */
  readonly falsyContinue?: boolean;
  /** Further keys that hold a context. */
  readonly contextKeys: readonly string[];
  /** A foreign event name inside hookSpecificOutput: nothing, drops its object as a missing one does, or is an error; `needed`: so is a missing one. */
  readonly eventName: 'any' | 'dropped' | 'error' | 'needed';
  /** `permissionDecision: allow` only means something together with a new input. */
  readonly allowNeedsInput: boolean;
  /** What the dialect's events give beside the common fields: path -> name in the result, and how several go together. */
  readonly extra: Readonly<Record<string, { readonly name: string; readonly keep: Keep }>>;
}

/** `merge`: the members of all. `any`: one true is enough. `tools`: Gemini's choice of tools, every name and the strictest mode. */
export type Keep = 'first' | 'last' | 'merge' | 'any' | 'tools';

export interface ExitRules {
  /** On which exit codes beside 0 JSON on stdout is read; `rejections`: only where it says no. */
  readonly json: 'exit-0' | 'rejections' | 'any';
  /** Exit codes above 2 with a text on either stream reject, and 1 warns with it. */
  readonly textRejects: boolean;
  /** Rejects and ends the turn. With 2, the reason is also why the turn ends. */
  readonly halt?: number;
}

export type Joint = 'newline' | 'blank-line' | 'semicolon';

/** Where hookpool is stricter than upstream. The text is a diagnostic of the result, and part of docs/dialects.md. */
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
  /** The system and the version of it that the table was made from. */
  readonly about: string;
  readonly events: Readonly<Record<string, EventRules>>;
  readonly tierOrder: readonly Tier[];
  readonly order: Order;
  /** A hook that gives a stopReason ends the chain. */
  readonly stopEndsChain?: boolean;
  readonly dedupe: 'none' | 'command' | 'name-and-command' | 'all-fields';
  readonly defaultTimeoutMs: number;
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
  readonly defaultFailMode: FailMode;
  readonly maxScriptBytes: number;
  readonly matcher: MatcherRule;
  /** Members of the context that may name the event. */
  readonly eventKeys: readonly string[];
  /** Other names of the events, in other files of the same agent. */
  readonly eventAliases?: Readonly<Record<string, string>>;
  /** Members of the context that may name the session. */
  readonly sessionKeys: readonly string[];
  /** Dotted paths into the context; the first that holds a string is the tool's name. */
  readonly toolName: readonly string[];
  /** Dotted paths into the context; the first that is there is the tool's input. */
  readonly toolInput: readonly string[];
  /** Output keys, as dotted paths, or `key=word`, that belong to this dialect; others are read with a diagnostic. */
  readonly nativeOutput: ReadonlySet<string>;
  readonly output: OutputRules;
  readonly exit: ExitRules;
  /** What no output, plain text, and an error with failMode allow count as. */
  readonly says: { readonly empty: 'none' | 'allow'; readonly text: 'none' | 'allow'; readonly error: 'none' | 'allow' };
  /** Where the reason of an exit code 2 comes from, first non-blank one wins. */
  readonly blockReasonFrom: readonly ReasonSource[];
  /** `{hook}` and `{event}` are filled in. */
  readonly defaultReason: string;
  /** Stands before what went wrong when an error blocks. */
  readonly errorReason: string;
  /** An error that does not block, and a rejection that cannot, are told in a system message. */
  readonly tellsErrors: boolean;
  readonly contexts: 'last' | Joint;
  /** `<` and `>` in a context are written as entities. */
  readonly escapesContexts?: boolean;
  /** Characters of one hook's context that are handed on, and what stands for the rest. */
  readonly contextLimit?: { readonly length: number; readonly marker: string };
  readonly reasons: { readonly of: 'first' | 'winning' | 'all'; readonly joint: Joint };
  /** What a rewritten tool input does to the one before. `union`: those of all hooks together replace it. */
  readonly rewrite: 'none' | 'replace' | 'merge' | 'union';
  /** A block takes all rewrites with it. */
  readonly blockDropsRewrite: boolean;
  /** What its agent calls the project's folder, as hooks see it. Sources: section 2 of each agent's hook reference. */
  readonly folderVariables: readonly string[];
  /** The agent sets variables of these names for its hooks: `CLAUDE` of `CLAUDE_ENV_FILE`. */
  readonly variablePrefix?: string;
  readonly deviations: Readonly<Partial<Record<Deviation, string>>>;
  /** For docs/dialects.md: what the table cannot say. */
  readonly notes: readonly string[];
}

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist. */
export function byDialectName<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const known = all.map((one) => one.name).join(', ');
  throw new InvalidInputError('UNKNOWN_DIALECT', `There is no dialect "${name}". Known: ${known}.`);
}

/**
 * The dialect's own spelling of an event name, whatever case and underscores it is written with.
 * @param field the input that has the name, for the error.
 * @throws InvalidInputError `INVALID_EVENT` with the names that exist.
 */
export function findEvent(dialect: Dialect, name: string, field?: InputField): string {
  const folded = foldName(name);
  const found = Object.keys(dialect.events).find((event) => foldName(event) === folded);
  if (found !== undefined) return found;
  const alias = Object.entries(dialect.eventAliases ?? {}).find(([other]) => foldName(other) === folded);
  if (alias !== undefined) return alias[1];
  const known = Object.keys(dialect.events).join(', ');
  const text = `The ${dialect.name} dialect has no event "${shown(name)}". Known: ${known}.`;
  throw new InvalidInputError('INVALID_EVENT', text, { field });
}

/** What a context calls its event, as it spells it. */
export function eventNameIn({ eventKeys }: Pick<Dialect, 'eventKeys'>, root: object): string | undefined {
  const values: unknown[] = eventKeys.map((key) => ownProperty(root, key));
  return values.find((value) => typeof value === 'string');
}

/** @throws InvalidInputError `INVALID_EVENT`, see findEvent() */
export function eventRules(dialect: Dialect, event: string): EventRules {
  const rules = Object.hasOwn(dialect.events, event) ? dialect.events[event] : undefined;
  return rules ?? eventRules(dialect, findEvent(dialect, event));
}

export function foldName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

const joints: Readonly<Record<Joint, string>> = { newline: '\n', 'blank-line': '\n\n', semicolon: '; ' };

export function join(texts: readonly string[], joint: Joint): string {
  return texts.join(joints[joint]);
}
