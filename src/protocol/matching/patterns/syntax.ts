/**
 * The structure of a JavaScript regular expression. V8 has checked the syntax before, so the parser
 * below only meets valid expressions; single characters and classes stay as they are written.
 */
import { PatternProblem } from './problem.ts';

export type Node =
  | { readonly kind: 'unit'; readonly text: string; readonly code: number | undefined }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number }
  | { readonly kind: 'edge'; readonly at: Edge }
  | {
      readonly kind: 'look';
      readonly item: Node;
      readonly isBehind: boolean;
      readonly isNegated: boolean;
    };

export type Edge = 'start' | 'end' | 'word' | 'inside';

/** The deepest nesting of groups. */
const maxDepth = 50;

/**
 * @param source a regular expression that V8 accepts with these flags.
 * @throws PatternProblem for back-references, flags of a group, classes of strings, and too deep
 * nesting.
 */
export function parseExpression(source: string, flags: string): Node {
  return new Parser(source, flags).choice();
}

const edges: Readonly<Record<string, Edge>> = {
  '^': 'start',
  $: 'end',
  '\\b': 'word',
  '\\B': 'inside',
};
/** Under the flag v, these classes may match several characters. */
const manyUnits = /\\q\{|\\p\{(?:Basic_Emoji|Emoji_Keycap_Sequence|RGI_\w+)\}/;

class Parser {
  readonly #source: string;
  readonly #isUnicode: boolean;
  readonly #nestsClasses: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#nestsClasses = flags.includes('v');
    this.#isUnicode = this.#nestsClasses || flags.includes('u');
  }

  choice(): Node {
    const options = [this.#sequence()];
    while (this.#take(/\|/y) !== undefined) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) {
      items.push(this.#quantified(this.#term()));
    }
    return { kind: 'sequence', items };
  }

  #quantified(item: Node): Node {
    const text = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y);
    if (text === undefined) return item;
    if (text.startsWith('{')) {
      const [min = '', max = min] = text.slice(1, text.indexOf('}')).split(',');
      return {
        kind: 'repeat',
        item,
        min: Number(min),
        max: max === '' ? Number.POSITIVE_INFINITY : Number(max),
      };
    }
    return {
      kind: 'repeat',
      item,
      min: text.startsWith('+') ? 1 : 0,
      max: text.startsWith('?') ? 1 : Number.POSITIVE_INFINITY,
    };
  }

  #term(): Node {
    const opening = this.#take(/\((?:\?(?::|<?[=!]|<[^>]*>))?/y);
    if (opening !== undefined) return this.#group(opening);
    const edge = this.#take(/[$^]|\\[bB]/y);
    if (edge !== undefined) return { kind: 'edge', at: edges[edge] as Edge };
    const reference = this.#take(/\\(?:[1-9]\d*|k(?:<[^>]*>)?)/y);
    if (reference !== undefined) {
      throw new PatternProblem(
        `has the back-reference ${reference}, which is not supported: write out what it stands for`,
      );
    }
    return this.#unit();
  }

  #group(opening: string): Node {
    if (opening === '(' && this.#source.startsWith('?', this.#at)) {
      throw new PatternProblem(
        'has flags for a group, (?i:…), which are not supported: write [Bb]ash',
      );
    }
    if (++this.#depth > maxDepth)
      throw new PatternProblem(`has groups nested deeper than ${maxDepth} levels`);
    const item = this.choice();
    this.#depth--;
    this.#at++;
    if (!/[=!]$/.test(opening)) return item;
    return {
      kind: 'look',
      item,
      isBehind: opening.includes('<'),
      isNegated: opening.endsWith('!'),
    };
  }

  #unit(): Node {
    const text = this.#source.startsWith('[', this.#at) ? this.#class() : this.#character();
    if (this.#nestsClasses && manyUnits.test(text)) {
      throw new PatternProblem(
        `has a class of strings, ${text}, which is not supported: write (?:one|two)`,
      );
    }
    return { kind: 'unit', text, code: codeOf(text) };
  }

  #character(): string {
    const escaped = this.#take(
      this.#isUnicode
        ? /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|p\{[^}]*\}|.)/isuy
        : /\\(?:0[0-7]{0,2}|c[A-Za-z]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|[^c])/y,
    );
    const text = escaped ?? (this.#take(this.#isUnicode ? /./suy : /./sy) as string);
    // Where no letter follows, \c is a backslash and a c.
    return text === '\\' ? '\\\\' : text;
  }

  #class(): string {
    const start = this.#at;
    let open = 0;
    do {
      const char = this.#source.charAt(this.#at);
      if (char === '\\') this.#at++;
      if (char === '[' && (open === 0 || this.#nestsClasses)) open++;
      if (char === ']') open--;
      this.#at++;
    } while (open > 0);
    return this.#source.slice(start, this.#at);
  }

  #take(token: RegExp): string | undefined {
    token.lastIndex = this.#at;
    const text = token.exec(this.#source)?.[0];
    this.#at += text?.length ?? 0;
    return text;
  }
}

/** The code of a character that stands for itself. */
function codeOf(text: string): number | undefined {
  if (/^\\[^A-Za-z0-9]/.test(text)) return text.codePointAt(1);
  return /^[\\.[]/.test(text) ? undefined : text.codePointAt(0);
}
