/**
 * A YAML or JSON text with its positions, so that a problem found later has file, line and column
 * even where the file spells a key differently from hookpool's own name.
 */
import { isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import { shortened } from '../protocol/shown.ts';
import { type Fault, type Path, sizeFault } from './limits.ts';
import { NodeReader, nameOf, startOf } from './nodes.ts';
import { readYaml } from './yaml.ts';

export type { Path };

/** One mistake in a file, and how to fix it. */
export interface Problem {
  readonly file: string;
  /** Counted from 1, as `column` is. */
  readonly line: number;
  readonly column: number;
  /**
   * Keys and indices that lead to the place, as far as the text has them. Empty for the text as a
   * whole, for a text that cannot be parsed, and for a text with several documents.
   */
  readonly path: Path;
  readonly message: string;
  /** Number of problems that this one stands for, in the last entry of a truncated list. */
  readonly more?: number;
}

/** A place in a file. */
export type FilePlace = Pick<Problem, 'file' | 'line' | 'column' | 'path'>;

/**
 * Removes duplicates: a problem of a group is reported for each of its hooks, and the caller may
 * name a file twice.
 */
export function distinct(problems: readonly Problem[]): Problem[] {
  const textOf = ({ file, line, column, message }: Problem) =>
    JSON.stringify([file, line, column, message]);
  return [...new Map(problems.map((problem) => [textOf(problem), problem])).values()];
}

const mostTold = 20;

/**
 * Truncates a list to its first 20 problems, plus one that counts the others at the place of the
 * next problem.
 */
export function told(problems: readonly Problem[]): Problem[] {
  const [next] = problems.slice(mostTold);
  if (next === undefined) return [...problems];
  const more = problems.slice(mostTold).reduce((sum, one) => sum + (one.more ?? 1), 0);
  const { file, line, column, path } = next;
  return [
    ...problems.slice(0, mostTold),
    { file, line, column, path, message: `and ${more} more.`, more },
  ];
}

/** The result of reading a file: its documents, or every problem. */
export interface ReadDocuments {
  readonly documents: SourceDocument[];
  readonly problems: Problem[];
}

export class SourceDocument {
  readonly value: unknown;
  readonly #root: Node;
  readonly #source: SourceText;
  /** Pairs by name, cached for the mappings in which a key was looked up. */
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(value: unknown, root: Node, source: SourceText) {
    this.value = value;
    this.#root = root;
    this.#source = source;
  }

  /**
   * Parses the documents of one file (`---` separates several), or returns the problems that
   * prevent it.
   * @param enclosedAt path of a text that is a value of another document; all its problems have
   * that path.
   */
  static parse(file: string, text: string, enclosedAt?: Path): ReadDocuments {
    const source = new SourceText(file, text, enclosedAt);
    const tooLarge = sizeFault(text);
    if (tooLarge !== undefined) return source.refused([tooLarge]);
    const { documents: list, faults } = readYaml(text);
    if (faults.length > 0) return source.refused(faults);
    const present = list.filter(
      ({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null),
    );
    if (present.length === 0) return source.refused([{ offset: 0, message: 'The file is empty.' }]);
    const wrong: Fault[] = [];
    const reader = new NodeReader(wrong);
    // A path is ambiguous in a file of several documents: their problems have an empty one, or that
    // of the enclosing value.
    const place = present.length === 1 ? source : new SourceText(file, text, enclosedAt ?? []);
    const documents = present.map(
      ({ contents }) => new SourceDocument(reader.valueOf(contents), contents as Node, place),
    );
    return wrong.length > 0 ? place.refused(wrong) : { documents, problems: [] };
  }

  /** A text that is not parsed: all problems are at its start. */
  static ofText(file: string, text: string): SourceDocument {
    return new SourceDocument(text, new Scalar(text), new SourceText(file, text));
  }

  /** A problem at a place, or at the nearest enclosing place that is in the file. */
  problem(path: Path, message: string, at: 'key' | 'value' = 'value'): Problem {
    return this.#source.problem({ ...this.#find(path, at), message });
  }

  /** The place alone, for problems that are found after the text was released. */
  place(path: Path): FilePlace {
    const { message: _, ...place } = this.problem(path, '');
    return place;
  }

  /** Finds the place that a path leads to, or the deepest part of the path that exists. */
  #find(path: Path, at: 'key' | 'value'): Omit<Fault, 'message'> {
    let node: unknown = this.#root;
    let offset = startOf(this.#root);
    let length = 0;
    for (const [index, segment] of path.entries()) {
      const found = this.#child(node, segment);
      if (found === undefined) break;
      const place = at === 'key' && index === path.length - 1 ? found.key : found.value;
      offset = startOf(place, startOf(found.key));
      node = found.value;
      length = index + 1;
    }
    return { offset, path: path.slice(0, length) };
  }

  #child(node: unknown, segment: string | number): { key: unknown; value: unknown } | undefined {
    if (isSeq(node)) {
      const value = node.items[Number(segment)];
      return value === undefined ? undefined : { key: value, value };
    }
    return isMap(node) ? this.#pairsOf(node).get(String(segment)) : undefined;
  }

  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const scalars = map.items.flatMap((pair) =>
      isScalar(pair.key) ? [[nameOf(pair.key.value), pair] as const] : [],
    );
    const pairs = new Map(scalars);
    this.#pairs.set(map, pairs);
    return pairs;
  }
}

/** A text and the offsets of its lines, which are computed on first use. */
export class SourceText {
  readonly #file: string;
  readonly #text: string;
  readonly #path: Path | undefined;
  #starts: readonly number[] | undefined;

  /** @param path given to all problems; undefined: each problem keeps its own. */
  constructor(file: string, text: string, path?: Path) {
    this.#file = file;
    this.#text = text;
    this.#path = path;
  }

  refused(faults: readonly Fault[]): ReadDocuments {
    return { documents: [], problems: faults.map((fault) => this.problem(fault)) };
  }

  problem({ offset, path = [], message }: Fault): Problem {
    this.#starts ??= lineStarts(this.#text);
    const line = linesBefore(this.#starts, offset);
    const column = offset - Number(this.#starts[line - 1]) + 1;
    return {
      file: this.#file,
      line,
      column,
      path: this.#path ?? path,
      message: shortened(message),
    };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Number of lines that begin at or before an offset. */
function linesBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(starts[middle]) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
