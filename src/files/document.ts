/**
 * A YAML (or JSON) text with its positions: every problem that is found later can say file, line and
 * column, also when the file spells a key in another way than we do.
 */
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { shortened } from '../protocol/shown.ts';
import { type Fault, type Path, sizeFault } from './limits.ts';
import { NodeReader, nameOf, startOf } from './nodes.ts';
import { readYaml } from './yaml.ts';

export type { Path };

/** One thing that is wrong with a file, and how to mend it. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /**
   * The keys and indices that lead to the place, as far as the text has them. Empty: the text as a whole, also where it
   * could not be read so far or holds several documents.
   */
  readonly path: Path;
  readonly message: string;
  /** How many problems this one stands for, where it says that there are more. */
  readonly more?: number;
}

/** Where in a file something stands. */
export type FilePlace = Pick<Problem, 'file' | 'line' | 'column' | 'path'>;

/** Each once: what a group says is said of each of its hooks, and a file may be named twice. */
export function distinct(problems: readonly Problem[]): Problem[] {
  const textOf = ({ file, line, column, message }: Problem) => JSON.stringify([file, line, column, message]);
  return [...new Map(problems.map((problem) => [textOf(problem), problem])).values()];
}

const mostTold = 20;

/** Of many problems the first 20, and how many more there are, at the place of the next one. */
export function told(problems: readonly Problem[]): Problem[] {
  const [next] = problems.slice(mostTold);
  if (next === undefined) return [...problems];
  const more = problems.slice(mostTold).reduce((sum, one) => sum + (one.more ?? 1), 0);
  const { file, line, column, path } = next;
  return [...problems.slice(0, mostTold), { file, line, column, path, message: `and ${more} more.`, more }];
}

/** What was read of a file: its documents, or every problem. */
export interface ReadDocuments {
  readonly documents: SourceDocument[];
  readonly problems: Problem[];
}

export class SourceDocument {
  readonly value: unknown;
  readonly #root: Node;
  readonly #source: SourceText;
  /** By name, of the mappings in which something was looked up. */
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(value: unknown, root: Node, source: SourceText) {
    this.value = value;
    this.#root = root;
    this.#source = source;
  }

  /**
   * The documents of one file (`---` separates several), or what keeps it from being read.
   * @param enclosedAt where the text stands as a value of another document; its problems have that path.
   */
  static parse(file: string, text: string, enclosedAt?: Path): ReadDocuments {
    const source = new SourceText(file, text, enclosedAt);
    const tooLarge = sizeFault(text);
    if (tooLarge !== undefined) return source.refused([tooLarge]);
    const { documents: list, faults } = readYaml(text);
    if (faults.length > 0) return source.refused(faults);
    const present = list.filter(({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null));
    if (present.length === 0) return source.refused([{ offset: 0, message: 'The file is empty.' }]);
    const wrong: Fault[] = [];
    const reader = new NodeReader(wrong);
    // A path leads to one place only where there is one document.
    const place = present.length === 1 ? source : new SourceText(file, text, enclosedAt ?? []);
    const documents = present.map(({ contents }) => new SourceDocument(reader.valueOf(contents), contents as Node, place));
    return wrong.length > 0 ? place.refused(wrong) : { documents, problems: [] };
  }

  /** A problem at a place, or at the nearest enclosing place that is in the file. */
  problem(path: Path, message: string, at: 'key' | 'value' = 'value'): Problem {
    return this.#source.problem({ ...this.#find(path, at), message });
  }

  /** The place alone, for problems that are found when the text is gone. */
  place(path: Path): FilePlace {
    const { message: _, ...place } = this.problem(path, '');
    return place;
  }

  /** The place at the end of a path, or the last one on the way that is there. */
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
    const scalars = map.items.flatMap((pair) => (isScalar(pair.key) ? [[nameOf(pair.key.value), pair] as const] : []));
    const pairs = new Map(scalars);
    this.#pairs.set(map, pairs);
    return pairs;
  }
}

/** A text and where its lines begin, which is only looked for when it is asked. */
export class SourceText {
  readonly #file: string;
  readonly #text: string;
  readonly #path: Path | undefined;
  #starts: readonly number[] | undefined;

  /** @param path that of all problems; undefined: each has its own. */
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
    return { file: this.#file, line, column, path: this.#path ?? path, message: shortened(message) };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** How many lines begin at or before an offset. */
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
