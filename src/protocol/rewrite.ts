/** What scripts make of the tool's input. */
import { applyEdits, modify } from 'jsonc-parser';
import type { HookResult } from './decision.ts';
import type { Dialect } from './dialect.ts';
import { isJsonObject } from './json.ts';

export interface Rewritten {
  /** All patches together, as the scripts gave them. */
  readonly updatedInput?: unknown;
  /** The tool's input with them in it. */
  readonly effectiveInput?: unknown;
}

/** @param input the tool's input as the agent reported it. */
export function combineRewrites(dialect: Dialect, results: readonly HookResult[], input: unknown): Rewritten {
  if (dialect.blockDropsRewrite && results.some((result) => result.decision === 'block')) return {};
  const patches = results.flatMap((result) => (result.updatedInput === undefined ? [] : [result.updatedInput]));
  if (patches.length === 0) return {};
  if (dialect.rewrite === 'none') return { updatedInput: patches.at(-1) };
  const updatedInput = dialect.rewrite === 'merge' ? patches.reduce<unknown>(merged, undefined) : patches.at(-1);
  return { updatedInput, effectiveInput: dialect.rewrite === 'merge' ? merged(input, updatedInput) : updatedInput };
}

/** A shallow merge; what is no object replaces. */
export function merged(before: unknown, patch: unknown): unknown {
  return isJsonObject(before) && isJsonObject(patch) ? { ...before, ...patch } : patch;
}

/**
 * The context for the next hook of a pipe. Only the changed members are written anew; every other byte
 * stays, so that numbers which JavaScript cannot hold come through.
 */
export function pipeInput(dialect: Dialect, context: Uint8Array, { updatedInput: patch }: HookResult): Uint8Array {
  if (patch === undefined || dialect.rewrite === 'none') return context;
  const text = new TextDecoder().decode(context);
  const set = (before: string, path: string[], value: unknown) => applyEdits(before, modify(before, path, value, {}));
  const whole: unknown = (JSON.parse(text) as Record<string, unknown>)[dialect.toolInput];
  if (dialect.rewrite === 'replace' || !isJsonObject(patch) || !isJsonObject(whole)) {
    return Buffer.from(set(text, [dialect.toolInput], patch));
  }
  const spliced = Object.entries(patch).reduce((before, [key, value]) => set(before, [dialect.toolInput, key], value), text);
  return Buffer.from(spliced);
}
