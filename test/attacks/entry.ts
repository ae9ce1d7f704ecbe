/** One line of a corpus: a hostile script with what must hold. Fields, macros and variants. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { RunStatus, Runtime } from '../../src/protocol/run.ts';

/** `error`: the run gives no decision and failMode speaks. */
const expectedDecisions = ['allow', 'none', 'block', 'ask', 'error', 'not-allow', 'any'] as const;

export interface Expectation {
  /**
   * `self`: the script says HELD; `host`: only what is seen from outside; `decision`: what it
   * decides.
   */
  readonly kind: 'self' | 'host' | 'decision';
  readonly probe_output?: string | null;
  readonly decision: (typeof expectedDecisions)[number];
  readonly exit?: number | null;
  /** How the run ends; absent where that may differ. */
  readonly status?: RunStatus;
  readonly host?: readonly string[];
  readonly max_wall_s?: number;
  /** Of a script that keeps a state: `NAME=CONTENT,…` in the order of the names, or its refusal. */
  readonly left?: string;
}

interface Pair {
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
  /** What it leaves in /tmp is packed. */
  readonly state?: boolean;
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
        return [
          { ...(JSON.parse(line) as Omit<Entry, 'rawContext'>), rawContext: contextText(line) },
        ];
      } catch (error) {
        throw new Error(`${file}:${index + 1}: ${String(error)}`);
      }
    });
}

export function attemptsOf(entry: Entry): Attempt[] {
  const variants = variantsOf(entry);
  return variants.map((variant, index) => ({
    title: variants.length === 1 ? entry.id : `${entry.id} (${index + 1} of ${variants.length})`,
    entry: variant,
    stdin: Buffer.from(
      `${variant.rawContext.replaceAll(/<GEN:(\d+)>/g, (_, count: string) => 'A'.repeat(Number(count)))}\n`,
    ),
  }));
}

function contextText(line: string): string {
  const root = parseTree(line);
  const node = root === undefined ? undefined : findNodeAtLocation(root, ['context']);
  return node === undefined ? '{}' : line.slice(node.offset, node.offset + node.length);
}

/**
 * Each value of `variants` takes the place of the one key beside it. In an entry that decides, a
 * value may be a pair: an exit code, for `{exit}` in the script, and the decision that must come of
 * it.
 */
function variantsOf(entry: Entry): Entry[] {
  const { variants, ...rest } = JSON.parse(entry.rawContext) as { variants?: readonly unknown[] };
  if (variants === undefined) return [entry];
  const keys = Object.keys(rest);
  const [key] = keys.length === 1 ? keys : [];
  return variants.map((value) => {
    if (entry.expect.kind === 'decision' && isExitPair(value)) {
      return withExit(entry, value, key === undefined ? rest : { [key]: value[0] });
    }
    if (key === undefined)
      throw new Error(`variants need exactly one key beside them: ${entry.rawContext}`);
    return { ...entry, rawContext: JSON.stringify({ [key]: value }) };
  });
}

type ExitPair = readonly [exit: number, decision: Expectation['decision']];

function isExitPair(value: unknown): value is ExitPair {
  const [exit, decision, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  return (
    Number.isInteger(exit) && expectedDecisions.some((one) => one === decision) && more.length === 0
  );
}

function withExit(entry: Entry, [exit, decision]: ExitPair, context: object): Entry {
  return {
    ...entry,
    script: entry.script.replaceAll('{exit}', String(exit)),
    expect: { ...entry.expect, decision, exit: null },
    rawContext: JSON.stringify(context),
  };
}
