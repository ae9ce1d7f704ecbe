/** What scripts make of the tool's input. */
import type { HookResult } from '../decision.ts';
import { type Dialect, eventRules, join, type Pipe } from '../dialect.ts';
import { isJsonObject, ownProperty } from '../json.ts';
import { memberAt } from '../json-scan.ts';
import { setMembers } from './json-edit.ts';

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
  const updatedInput = dialect.rewrite === 'replace' ? patches.at(-1) : patches.reduce<unknown>(merged, undefined);
  return { updatedInput, effectiveInput: dialect.rewrite === 'merge' ? merged(input, updatedInput) : updatedInput };
}

/** A shallow merge; what is no object replaces. */
export function merged(before: unknown, patch: unknown): unknown {
  return isJsonObject(before) && isJsonObject(patch) ? { ...before, ...patch } : patch;
}

/**
 * The context for the next hook of a pipe. Only the changed members are written anew; every other byte
 * stays, so that numbers which JavaScript cannot hold come through. Linear in the context and the rewrite.
 * @param context the text of a JSON object.
 */
export function pipeContext(dialect: Dialect, context: Uint8Array, result: HookResult): Uint8Array {
  const own = eventRules(dialect, result.event).pipes?.filter((pipe) => isGiven(given(pipe, result)));
  if (own === undefined ? !isGiven(result.updatedInput) : own.length === 0) return context;
  const text = new TextDecoder().decode(context);
  const pipes = own ?? inputPipes(dialect, text);
  const piped = pipes.reduce((before, pipe) => pass(before, pipe, given(pipe, result)), text);
  return piped === text ? context : Buffer.from(piped);
}

/** Where an event does not say what it hands on, it is the tool's input. */
function inputPipes({ rewrite, toolInput }: Dialect, context: string): Pipe[] {
  const to = toolInput.find((path) => memberAt(context, path.split('.')) !== undefined) ?? toolInput.at(-1);
  return rewrite === 'none' || to === undefined
    ? []
    : [{ from: 'updatedInput', to, how: rewrite === 'merge' ? 'merge' : 'replace' }];
}

/** A list without a member is no rewrite, an empty text is one. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function given({ from }: Pipe, result: HookResult): unknown {
  return typeof from === 'string' ? result[from] : ownProperty(result.extra, from.extra);
}

function pass(text: string, { to, how }: Pipe, value: unknown): string {
  const path = to.split('.');
  if (how === 'merge' && isJsonObject(value)) return setMembers(text, path, value);
  const next = how === 'append' ? appended(text, path, String(value)) : value;
  return next === undefined ? text : setMembers(text, path.slice(0, -1), { [String(path.at(-1))]: next });
}

/** undefined where there is no text to append to. */
function appended(text: string, path: readonly string[], more: string): string | undefined {
  const there = memberAt(text, path);
  const before: unknown = there && JSON.parse(text.slice(there.valueStart, there.valueEnd));
  return typeof before === 'string' ? join([before, more], 'blank-line') : undefined;
}
