/** The part of a dialect about outputs and exit codes, as data. */

/** `rejection`: the reason of an output that itself rejects. */
export type ReasonSource = 'stderr' | 'stdout' | 'output' | 'rejection' | 'context';

/**
 * How an output counts. `error`: the failMode decides. `text`: as plain text. `nothing`: as if the
 * script had printed nothing.
 */
type Reading = 'error' | 'text' | 'nothing';

/** Ways to find the verdict in the printed text; any dialect may use any of them. */
export type DocumentRule = 'json-string' | 'control-line' | 'progress-lines';

export interface OutputRules {
  readonly documents: readonly DocumentRule[];
  /** stderr is read where stdout is blank. */
  readonly elseStderr: boolean;
  /**
   * `plainText` does not begin like JSON; `broken` begins like JSON and is not JSON; `array` and
   * `scalar` are JSON that is not an object.
   */
  readonly plainText: Reading;
  readonly broken: Reading;
  readonly array: Reading;
  readonly scalar: Reading;
  /**
   * `unknownValue`: a decision that is not a known word. `unknownKeys`: an object without a known
   * key.
   */
  readonly unknownValue: Reading;
  readonly unknownKeys: Reading;
  /**
   * `extraKeys`: unknown keys beside known ones. `wrongType`: values of another type; with
   * `error-and-null`, null is one of them.
   */
  readonly extraKeys: 'noted' | 'error';
  readonly wrongType: 'noted' | 'error' | 'error-and-null';
  /** Decision words are compared without regard to case. */
  readonly foldsWords: boolean;
  /** `continue` also counts as false where it is null, 0 or empty. */
  readonly falsyContinue?: boolean;
  /** Further keys that hold an additional context. */
  readonly contextKeys: readonly string[];
  /**
   * The effect of another event's name in hookSpecificOutput. `any`: none. `dropped`: its object is
   * ignored, as it is without a name. `error`: an error. `needed`: an error, and a missing name is
   * one too.
   */
  readonly eventName: 'any' | 'dropped' | 'error' | 'needed';
  /** `permissionDecision: allow` and a new input are only valid together. */
  readonly allowNeedsInput: boolean;
  /**
   * Output fields of the dialect's events beside the common ones: path -> name in the result, and
   * how the values of several hooks are combined.
   */
  readonly extra: Readonly<Record<string, { readonly name: string; readonly keep: Keep }>>;
}

/**
 * `merge`: the members of all values. `any`: one true is enough. `tools`: Gemini CLI's choice of
 * tools, with every name and the strictest mode.
 */
export type Keep = 'first' | 'last' | 'merge' | 'any' | 'tools';

export interface ExitRules {
  /**
   * The exit codes beside 0 on which JSON on stdout is read; `rejections`: any code, but only JSON
   * that rejects.
   */
  readonly json: 'exit-0' | 'rejections' | 'any';
  /**
   * Exit codes above 2 with a text on stdout or stderr reject; exit code 1 turns the text into a
   * warning.
   */
  readonly textRejects: boolean;
  /**
   * The exit code that rejects and ends the turn. If it is 2, the reason is also the stopReason.
   */
  readonly halt?: number;
}
