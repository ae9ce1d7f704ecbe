/**
 * Converts the nodes of a YAML or TOML text to a value. It replaces yaml's own conversion:
 * duplicate keys are found by a look-up, the values behind aliases are counted, and a key called
 * __proto__ is an ordinary key.
 */
import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { documentLimits } from '../protocol/limits.ts';
import { type Fault, type Path, tooDeep, tooMany } from './limits.ts';

/** Offset of a node, or `otherwise` for a key without a value, which has no node. */
export function startOf(node: unknown, otherwise = 0): number {
  return (node as Node | null | undefined)?.range?.[0] ?? otherwise;
}

/** The property name that a key gets in a value. */
export function nameOf(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : String(value ?? '');
}

interface Read {
  readonly value: unknown;
  /** Depth of the nested collections. */
  readonly height: number;
  readonly values: number;
}

const nothing: Read = { value: null, height: 0, values: 1 };

/** Reads the documents of one text. */
export class NodeReader {
  readonly #faults: Fault[];
  /** Value of each anchor; undefined while it is being read. */
  readonly #anchors = new Map<string, Read | undefined>();
  /** Path of the node that is being read. */
  readonly #path: (string | number)[] = [];
  #values = 0;
  #isRefused = false;

  /**
   * @param faults receives the mistakes in the nodes; the value must not be used when there are
   * any.
   */
  constructor(faults: Fault[]) {
    this.#faults = faults;
  }

  valueOf(root: unknown): unknown {
    this.#anchors.clear();
    return this.#read(root, 0).value;
  }

  /** Recurses once per level; the depth is limited (see limits.ts). */
  #read(node: unknown, depth: number): Read {
    if (this.#isRefused) return nothing;
    if (isAlias(node)) return this.#alias(node.source, depth, startOf(node));
    const anchor = (node as { readonly anchor?: string } | null | undefined)?.anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const before = this.#values++;
    const { value, height } = this.#content(node, depth);
    const read = { value, height, values: this.#values - before };
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #content(node: unknown, depth: number): Omit<Read, 'values'> {
    if (isScalar(node)) return { value: node.value, height: 0 };
    if (isMap(node)) return this.#map(node, depth + 1);
    if (!isSeq(node)) return nothing;
    this.#checkDepth(depth + 1, startOf(node));
    const items = node.items.map((item, index) => this.#member(index, item, depth + 1));
    const height = items.reduce((highest, one) => Math.max(highest, one.height), 0);
    return { value: items.map(({ value }) => value), height: height + 1 };
  }

  #map(map: YAMLMap, depth: number): Omit<Read, 'values'> {
    this.#checkDepth(depth, startOf(map));
    const value: Record<string, unknown> = {};
    let height = 0;
    for (const { key, value: node } of map.items) {
      const name = nameOf(this.#read(key, depth).value);
      const isTwice = Object.hasOwn(value, name) && !isCollection(key);
      if (isTwice) this.#fault(startOf(key), 'Map keys must be unique.', [...this.#path, name]);
      const member = this.#member(name, node, depth);
      height = Math.max(height, member.height);
      setMember(value, name, member.value);
    }
    return { value, height: height + 1 };
  }

  #member(key: string | number, node: unknown, depth: number): Read {
    this.#path.push(key);
    const read = this.#read(node, depth);
    this.#path.pop();
    return read;
  }

  #alias(source: string, depth: number, offset: number): Read {
    const found = this.#anchors.get(source);
    if (found === undefined) {
      const isOpen = this.#anchors.has(source);
      const why = isOpen
        ? 'it stands inside of what it means'
        : 'the anchor must be set before the alias';
      this.#fault(offset, `Unresolved alias (${why}): ${source}.`);
      return nothing;
    }
    this.#checkDepth(depth + found.height, offset);
    this.#values += found.values;
    if (this.#values > documentLimits.values) {
      this.#refuse(offset, tooMany('values', documentLimits.values, 'use fewer aliases'));
    }
    return found;
  }

  #checkDepth(depth: number, offset: number): void {
    if (depth > documentLimits.depth) this.#refuse(offset, tooDeep);
  }

  /** Records the fault and stops reading. */
  #refuse(offset: number, message: string): void {
    this.#fault(offset, message);
    this.#isRefused = true;
  }

  #fault(offset: number, message: string, path: Path = this.#path): void {
    if (!this.#isRefused) this.#faults.push({ offset, path: [...path], message });
  }
}

/** A plain assignment to __proto__ would set the prototype. */
function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else
    Object.defineProperty(object, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
}
