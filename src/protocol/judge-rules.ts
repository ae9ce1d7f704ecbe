/** How a dialect reads prompt and agent hooks, as data. */

/**
 * The spelling of placeholders in prompts. Each has one scan over the author's text.
 * - `arguments`: `$ARGUMENTS`; `\$` is a dollar.
 * - `string-template`: Python's `string.Template` with `$INPUT`, `$TOOL_NAME` and their like.
 * - `go-template`: `{{ .Field }}`, `{{ toJSON .Field }}`, `{{ truncate 100 .Field }}`.
 * - `paths`: `${path.to.member}`, and `$ARGUMENTS`.
 * - `none`: the whole text is policy.
 */
export const placeholderGrammars = [
  'arguments',
  'string-template',
  'go-template',
  'paths',
  'none',
] as const;
export type PlaceholderGrammar = (typeof placeholderGrammars)[number];

/** What `ok: false` does beside its block: it ends the turn as well, or it has no effect. */
type JudgeRejection = 'block' | 'block-and-stop' | 'ignored';

export interface JudgeRules {
  readonly placeholders: PlaceholderGrammar;
  /** The alias of the judge that a hook without a model asks. */
  readonly model: string;
  readonly promptTimeoutMs: number;
  readonly agentTimeoutMs: number;
  /** Events at which their failMode is `block` where the author says none. */
  readonly closedAt?: readonly string[];
  /** Events at which the agent has no such hooks. */
  readonly notAt?: readonly string[];
  /** By event. Default: `block`. */
  readonly rejections?: Readonly<Record<string, JudgeRejection>>;
  /** Events at which `impossible: true` beside `ok: false` lets the turn end. */
  readonly impossibleAt?: readonly string[];
  /** Rejections in a row at the end of a turn, where the author says none. */
  readonly maxRejections?: number;
  /** A prompt hook has ReadFile and GrepSearch where there is a transcript. */
  readonly readsTranscript?: boolean;
}
