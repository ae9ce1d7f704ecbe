/**
 * A YAML (or JSON) text with its positions: every problem that is found later can say file, line and
 * column, also when the file spells a key in another way than we do.
 */
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { messageOf } from '../../errors.ts';

/** One thing that is wrong with a file, and how to mend it. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Each once: what a group says is said of each of its hooks, and a file may be named twice. */
export function distinct(problems: readonly Problem[]): Problem[] {
  const textOf = ({ file, line, column, message }: Problem) => JSON.stringify([file, line, column, message]);
  return [...new Map(problems.map((problem) => [textOf(problem), problem])).values()];
}

export type Path = readonly (string | number)[];

/** Alias bombs: far above any real file. */
const maxAliases = 100;

export class SourceDocument {
  readonly value: unknown;
  readonly #file: string;
  readonly #root: Node;
  readonly #lines: LineCounter;

  constructor(file: string, value: unknown, root: Node, lines: LineCounter) {
    this.#file = file;
    this.value = value;
    this.#root = root;
    this.#lines = lines;
  }

  /** The documents of one file (`---` separates several), or what keeps it from being read. */
  static parse(file: string, text: string): { documents: SourceDocument[]; problems: Problem[] } {
    const lines = new LineCounter();
    const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, logLevel: 'silent' });
    const list: Document.Parsed[] = [...parsed];
    const problems = list.flatMap((document) =>
      [...document.errors, ...document.warnings].map((error) => ({
        file,
        ...position(lines, error.pos[0]),
        message: `${error.message}.`,
      })),
    );
    if (problems.length > 0) return { documents: [], problems };
    const present = list.filter(({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null));
    if (present.length === 0) return { documents: [], problems: [{ file, line: 1, column: 1, message: 'The file is empty.' }] };
    try {
      const documents = present.map(
        (document) => new SourceDocument(file, document.toJS({ maxAliasCount: maxAliases }), document.contents as Node, lines),
      );
      return { documents, problems: [] };
    } catch (error) {
      return { documents: [], problems: [{ file, line: 1, column: 1, message: `${messageOf(error)}.` }] };
    }
  }

  /** A problem at a place, or at the nearest enclosing place that is in the file. */
  problem(path: Path, message: string, at: 'key' | 'value' = 'value'): Problem {
    return { file: this.#file, ...position(this.#lines, this.#offset(path, at)), message };
  }

  #offset(path: Path, at: 'key' | 'value'): number {
    let node: unknown = this.#root;
    let offset = startOf(this.#root);
    for (const [index, segment] of path.entries()) {
      const found = child(node, segment);
      if (found === undefined) break;
      const place = at === 'key' && index === path.length - 1 ? found.key : found.value;
      offset = startOf(place as Node, startOf(found.key as Node));
      node = found.value;
    }
    return offset;
  }
}

function child(node: unknown, segment: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(segment)];
    return value === undefined ? undefined : { key: value, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(segment));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

/** A key without a value has no node of its own. */
function startOf(node: Node | null, otherwise = 0): number {
  return node?.range?.[0] ?? otherwise;
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
