/**
 * What a text of hooks, tests or tokens may hold. All of it is counted by loops before anything recursive reads: a
 * stack that overflows cannot be caught safely, because V8 ends the process where it compiles an expression on a full
 * stack.
 */

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

/** Something that is wrong at a place of a text. */
export interface Fault {
  /** Index into the text. */
  readonly offset: number;
  readonly message: string;
}

export function tooMany(what: string, limit: number, fix = 'split it'): string {
  return `The file has more than ${limit} ${what}: ${fix}.`;
}

export const tooDeep = `The file is nested deeper than ${documentLimits.depth} levels: make it flatter.`;

/** What keeps a text from being read at all. */
export function sizeFault(text: string): Fault | undefined {
  // A character has at most three bytes: most texts need not be counted.
  if (text.length * 3 <= documentLimits.bytes) return undefined;
  const bytes = Buffer.byteLength(text);
  if (bytes <= documentLimits.bytes) return undefined;
  return { offset: 0, message: `The file has ${bytes} bytes; ${documentLimits.bytes} are the most: split it.` };
}
