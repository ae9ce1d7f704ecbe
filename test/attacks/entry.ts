/** One line of a corpus: a hostile script with what must hold. Fields, macros and variants. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Runtime } from '../../src/protocol/run.ts';

export interface Expectation {
  /** `self`: the script says HELD; `host`: only what is seen from outside; `decision`: what it decides. */
  readonly kind: 'self' | 'host' | 'decision';
  readonly probe_output?: string | null;
  /** `error`: the run gives no decision and failMode speaks. */
  readonly decision: 'allow' | 'block' | 'error' | 'not-allow' | 'any';
  readonly exit?: number | null;
  readonly host?: readonly string[];
  readonly max_wall_s?: number;
}

export interface Pair {
  readonly group: string;
  readonly role: 'plant' | 'check';
  readonly mode: 'sequential-same-container' | 'concurrent-other-tenant-container';
  /** Planting costs the container, so the check cannot be on the same one. */
  readonly replaces?: boolean;
}

/** A limit that is known and not mended: this output, and no other, is let pass as skipped. */
export interface Open {
  readonly output: string;
  readonly reason: string;
}

export interface Entry {
  readonly id: string;
  readonly class: string;
  readonly interpreter: Runtime;
  readonly script: string;
  readonly timeout_s?: number;
  readonly expect: Expectation;
  readonly pair?: Pair;
  readonly runtimes: readonly string[];
  readonly open?: Open;
  /** The text of `context` as it stands in the line: JSON.parse would change numbers above 2^53. */
  readonly rawContext: string;
}

/** One run of an entry; entries with `context.variants` have several. */
export interface Attempt {
  readonly title: string;
  readonly entry: Entry;
  readonly stdin: Uint8Array;
}

const folder = import.meta.dirname;
export const baseCorpus = path.join(folder, 'attacks.jsonl');
export const corpora = [baseCorpus, path.join(folder, 'own.jsonl')];

export function readCorpus(file: string): Entry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      try {
        return [{ ...(JSON.parse(line) as Omit<Entry, 'rawContext'>), rawContext: contextText(line) }];
      } catch (error) {
        throw new Error(`${file}:${index + 1}: ${String(error)}`);
      }
    });
}

export function attemptsOf(entry: Entry): Attempt[] {
  const contexts = variantsOf(entry.rawContext);
  return contexts.map((text, index) => ({
    title: contexts.length === 1 ? entry.id : `${entry.id} (${index + 1} of ${contexts.length})`,
    entry,
    stdin: Buffer.from(`${text.replaceAll(/<GEN:(\d+)>/g, (_, count: string) => 'A'.repeat(Number(count)))}\n`),
  }));
}

function contextText(line: string): string {
  const root = parseTree(line);
  const node = root === undefined ? undefined : findNodeAtLocation(root, ['context']);
  return node === undefined ? '{}' : line.slice(node.offset, node.offset + node.length);
}

/** Each value of `variants` takes the place of the one key beside it. */
function variantsOf(text: string): string[] {
  const { variants, ...rest } = JSON.parse(text) as { variants?: readonly unknown[] };
  if (variants === undefined) return [text];
  const [key, ...others] = Object.keys(rest);
  if (key === undefined || others.length > 0) throw new Error(`variants need exactly one key beside them: ${text}`);
  return variants.map((value) => JSON.stringify({ [key]: value }));
}
