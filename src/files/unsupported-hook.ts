/** What is kept of a hook that cannot run here: why, and what its author wrote. */
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { shortened } from '../protocol/shown.ts';
import type { KeyProblem } from './hook-problems.ts';
import { type HookEntry, hookEntrySchema } from './hook-schema.ts';
import type { OwnEntry } from './loaded-hook.ts';
import type { Problem } from './source-document.ts';

/** One text for all problems; each of them is a warning with its place as well. */
export function reasonOf(problems: readonly Problem[]): string {
  return shortened(problems.map(({ message }) => message).join(' '));
}

/**
 * The settings of an entry that can be used without those that are wrong. A wrong matcher selects
 * every tool.
 */
export function usableSettings(entry: OwnEntry['entry'], wrong: readonly KeyProblem[]): HookEntry {
  const { shape } = hookEntrySchema;
  const wrongKeys = new Set(wrong.map(([key]) => key));
  const usable = Object.entries(entry).filter(
    ([key, value]) =>
      !wrongKeys.has(key) &&
      Object.hasOwn(shape, key) &&
      shape[key as keyof typeof shape].safeParse(value).success,
  );
  const settings = Object.fromEntries(usable) as HookEntry;
  return wrongKeys.has('matcher') ? { ...settings, matcher: '*' } : settings;
}

/**
 * The most characters of the author's settings that are kept. They are hashed for the audit record
 * of every evaluation, and aliases can repeat a long text in 1,000 hooks.
 */
const mostKept = 64 << 10;

/** The author's settings as far as they fit, in order; the type is a field of the action. */
export function settingsOf(written: JsonObject): JsonObject {
  let left = mostKept;
  const kept = Object.entries(written).filter(([key, value]) => {
    const size = sizeOf(value);
    if (key === 'type' || value === undefined || size > left) return false;
    left -= size;
    return true;
  });
  return Object.fromEntries(kept);
}

/** Characters of a value's texts and keys; what JSON has no form for does not fit at all. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (!Array.isArray(value) && !isJsonObject(value)) return Infinity;
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + sizeOf(item), 1);
}
