/**
 * Parses YAML text to nodes. Tokens, depth, documents and anchors are counted while yaml's
 * iterative lexer and CST parser read the text; its recursive composer only gets tokens that are
 * within the limits.
 */
import { Composer, CST, type Document, Lexer, Parser } from 'yaml';
import { documentLimits } from '../protocol/limits.ts';
import { type Fault, tooDeep, tooMany } from './limits.ts';

export interface YamlText {
  readonly documents: readonly Document.Parsed[];
  readonly faults: readonly Fault[];
}

/**
 * nodes.ts finds duplicate keys, because yaml's own check compares each key with all before it.
 * Only tags of the core schema are known: the ordered maps of YAML 1.1 compare their keys in the
 * same way.
 */
const options = {
  uniqueKeys: false,
  schema: 'core',
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

export function readYaml(text: string): YamlText {
  const faults: Fault[] = [];
  const tokens = cstOf(text, faults);
  return { documents: tokens === undefined ? [] : documentsOf(tokens, faults), faults };
}

/** Parsing stops after this number of mistakes: a text of 2 MiB can have a million. */
const mostMistakes = 100;

class TooManyMistakes extends Error {}

/** The place of a mistake, as yaml reports it. */
type Source = number | readonly [start: number, ...number[]] | { readonly offset: number };

function offsetOf(source: Source): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : source[0];
}

/**
 * Replaces onError to record mistakes directly: yaml would create an Error with a stack trace for
 * each.
 */
function documentsOf(tokens: readonly CST.Token[], faults: Fault[]): Document.Parsed[] {
  const composer = new Composer(options);
  composer['onError'] = (source: Source, _: string, message: string) => {
    if (faults.length > mostMistakes) throw new TooManyMistakes();
    faults.push({ offset: offsetOf(source), message: `${message}.` });
  };
  try {
    const documents = [...composer.compose(tokens)] as Document.Parsed[];
    const others = documents.flatMap(({ errors }) => errors);
    faults.push(...others.map(({ pos, message }) => ({ offset: pos[0], message: `${message}.` })));
    return documents;
  } catch (error) {
    if (!(error instanceof TooManyMistakes)) throw error;
    return [];
  }
}

/** Stack entries that are no collections: a scalar at the top and the document at the bottom. */
const besideCollections = 2;

/** @returns undefined when a limit is exceeded, which is then the only fault. */
function cstOf(text: string, faults: Fault[]): CST.Token[] | undefined {
  const parser = new Parser();
  const counts = new Counts();
  const tokens: CST.Token[] = [];
  const take = (parsed: Iterable<CST.Token>) => {
    for (const token of parsed) {
      counts.cst(token);
      tokens.push(token);
    }
  };
  let message: string | undefined;
  for (const lexeme of withoutEmptyLines(new Lexer().lex(text), counts)) {
    take(parser.next(lexeme));
    message =
      parser.stack.length > documentLimits.depth + besideCollections ? tooDeep : counts.exceeded();
    if (message !== undefined) break;
  }
  const { offset } = parser;
  if (message === undefined) take(parser.end());
  message ??= counts.exceeded();
  if (message === undefined) return tokens;
  faults.push({ offset, message });
  return undefined;
}

type Counted = 'tokens' | 'documents' | 'directives' | 'mistakes' | 'anchors' | 'aliases';

const most: Readonly<Record<Counted, number>> = {
  ...documentLimits,
  directives: documentLimits.documents,
  mistakes: mostMistakes,
};
const countedCst: Readonly<Record<string, Counted>> = {
  document: 'documents',
  error: 'mistakes',
};
const countedLexemes: Readonly<Record<string, Counted>> = {
  anchor: 'anchors',
  alias: 'aliases',
  'directive-line': 'directives',
};

class Counts {
  readonly #counts = new Map<Counted, number>();
  #over: Counted | undefined;

  lexeme(type: string | null): void {
    this.#add('tokens');
    this.#add(countedLexemes[String(type)]);
  }

  cst({ type }: CST.Token): void {
    this.#add(countedCst[type]);
  }

  get isOver(): boolean {
    return this.#over !== undefined;
  }

  exceeded(): string | undefined {
    return this.#over === undefined ? undefined : tooMany(this.#over, most[this.#over]);
  }

  #add(what: Counted | undefined): void {
    if (what === undefined) return;
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    if (count > most[what]) this.#over ??= what;
  }
}

/**
 * Joins consecutive lines of blanks and comments into one comment of the same length, because the
 * parser searches its list of such lines for every comment.
 */
function* withoutEmptyLines(lexemes: Iterable<string>, counts: Counts): Generator<string> {
  let isText = false;
  /** True while this line has only blanks and a comment. */
  let isEmpty = true;
  let lines = '';
  let line: string[] = [];
  for (const lexeme of lexemes) {
    const type = isText ? 'scalar' : CST.tokenType(lexeme);
    counts.lexeme(type);
    if (counts.isOver) break;
    isText = !isText && lexeme === CST.SCALAR;
    const isBlank = type === 'space' || type === 'comment' || type === 'newline';
    if (isEmpty && isBlank) {
      line.push(lexeme);
      if (type !== 'newline') continue;
      lines += line.join('');
      line = [];
      continue;
    }
    yield* asComment(lines);
    yield* line;
    yield lexeme;
    lines = '';
    line = [];
    isEmpty = type === 'newline';
  }
  yield* asComment(lines);
  yield* line;
}

/** @param lines including the last line break. */
function asComment(lines: string): string[] {
  if (lines.length < 2) return lines === '' ? [] : [lines];
  return [`#${lines.slice(1, -1)}`, '\n'];
}
