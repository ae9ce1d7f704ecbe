/** Limits and grammars of names that more than one floor checks: bytes, counts, milliseconds. */

/** The largest file in the public corpora has 4,000 tokens, and 1,000 hooks of ten keys have 80,000. */
export const documentLimits = {
  bytes: 2 << 20,
  /** Nested collections; what an alias stands for counts. */
  depth: 64,
  /** Keys, values, punctuation, blanks and comments, as a lexer tells them apart. */
  tokens: 100_000,
  /** Its parser takes four times as long as that of YAML. */
  tomlTokens: 50_000,
  /** Of a YAML file, and of its directives. */
  documents: 100,
  anchors: 1_000,
  aliases: 1_000,
  /** Values, those of an alias counted each time. */
  values: 100_000,
  /** Characters of one text, key or number in TOML: its parser passes each character as an argument. */
  tomlText: 64 << 10,
  hooks: 1_000,
  /** All of them may run at once, each in a sandbox of its own. */
  hooksOfEvent: 256,
} as const;

export const timeLimits = {
  /** Milliseconds that an evaluation or a queued job may be waited for. */
  deadlineMs: 3_600_000,
  /** Milliseconds that a bare script may run; that of a hook is its dialect's `maxTimeoutMs`. */
  scriptTimeoutMs: 300_000,
  /**
   * Milliseconds on top of the hooks' own timeouts: the way there and back, and the first sandbox of a process, which
   * takes 0.15 s to create, and 2 s on a busy machine.
   */
  slackMs: 2_000,
} as const;

/** Bytes of UTF-8 of a bare script. */
export const maxScriptBytes = 64 << 10;

/** Names of tenants, hook sets and evaluations over HTTP. */
export const plainNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** Ids of evaluations in process and in the queue: the server appends the SHA-256 of the request. */
export const evaluationIdPattern = /^[\x21-\x7e]{1,200}$/;
export const defaultTenant = 'default';
