/** Limits, and grammars of names, that more than one layer checks: bytes, counts, milliseconds. */

/**
 * The largest file in the public corpora has 4,000 tokens, and 1,000 hooks of ten keys have 80,000.
 */
export const documentLimits = {
  bytes: 2 << 20,
  /** Nested collections, including those that an alias stands for. */
  depth: 64,
  /** Keys, values, punctuation, blanks and comments, as a lexer separates them. */
  tokens: 100_000,
  /** Lower than that of YAML, because the TOML parser takes four times as long. */
  tomlTokens: 50_000,
  /** Documents of a YAML file; also the limit of its directives. */
  documents: 100,
  anchors: 1_000,
  aliases: 1_000,
  /** Values; those of an alias count each time. */
  values: 100_000,
  /**
   * Characters of one text, key or number in TOML: its parser passes each character as an argument.
   */
  tomlText: 64 << 10,
  hooks: 1_000,
  /** All of them may run at once, each in a sandbox of its own. */
  hooksOfEvent: 256,
} as const;

/**
 * The number of consecutive rejections after which the agent may end its turn anyway. Claude Code,
 * Copilot and Qwen Code end it after 8 by themselves; Codex and Gemini CLI never do, and each turn
 * is a call of a model.
 */
export const defaultMaxRejections = 8;

export const timeLimits = {
  /** The longest wait for an evaluation or a queued job, in milliseconds. */
  deadlineMs: 3_600_000,
  /**
   * The longest timeout of a bare script, in milliseconds; for a hook it is its dialect's
   * `maxTimeoutMs`.
   */
  scriptTimeoutMs: 300_000,
  /**
   * Milliseconds added to the hooks' own timeouts, for transport in both directions and for the
   * first sandbox of a process, which takes 0.15 s to create, and 2 s on a busy machine.
   */
  slackMs: 2_000,
} as const;

/** Bytes of UTF-8 of a bare script. */
export const maxScriptBytes = 64 << 10;

/** Names of tenants, hook sets and evaluations over HTTP. */
export const plainNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/**
 * Ids of evaluations in process and in the queue: the server appends the SHA-256 of the request.
 */
export const evaluationIdPattern = /^[\x21-\x7e]{1,200}$/;
export const defaultTenant = 'default';
