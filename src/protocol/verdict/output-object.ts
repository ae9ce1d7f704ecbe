/**
 * Reads the JSON object that a script prints. A script written for one agent system and run under
 * another would mostly fail open, so every known spelling is read in every dialect, the strictest
 * one wins, and a spelling that is foreign to the dialect adds a diagnostic.
 */

import type { DecisionKind, Diagnostic } from '../decision.ts';
import type { Dialect } from '../dialect.ts';
import { valueAt as at, isJsonObject, type JsonObject, ownProperty } from '../json.ts';
import { claimOf, isFalsyContinue } from './claims.ts';
import { parseBounded } from './output-json.ts';
import { collect, type Found, firstText, foreignKey, keysOf, note } from './output-keys.ts';
import { listed, quote } from './quote.ts';
import { eventNamePaths, inputPaths, textPaths } from './spellings.ts';
import { isSameEvent } from './strictest.ts';

/** The output of a script, before its exit code and its event are considered. */
export interface Output {
  /** undefined: the output has no verdict about the action. */
  readonly decision: DecisionKind | undefined;
  /** `permissionDecision: allow`, which in some dialects overrides policies. */
  readonly permitted: boolean;
  readonly reason: string | undefined;
  readonly additionalContext: string | undefined;
  readonly systemMessage: string | undefined;
  readonly updatedInput: unknown;
  readonly continue: boolean | undefined;
  readonly stopReason: string | undefined;
  /** Fields that only this dialect's events have, by their names in the result. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;
  /** Every known key of the output, and `key=word` where the key holds a text. */
  readonly keys: ReadonlySet<string>;
  /** Why the dialect refuses the output, though it can be read. */
  readonly problem: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The output of an object, and the members that cannot be interpreted. */
export interface Reading {
  readonly output: Output;
  /** The problem of the first verdict that cannot be interpreted. */
  readonly wrong: string | undefined;
  /** Names of the unknown keys. */
  readonly unknown: readonly string[];
  /** The path of a verdict that is dropped with its object, though it does not permit. */
  readonly dropped: string | undefined;
}

/** @param event the hook's event, for dialects that check the event name inside the output. */
export function readOutput(
  dialect: Dialect,
  whole: JsonObject,
  event: string | undefined,
): Reading {
  const { root, foreign, dropped } = dropForeignEvent(
    dialect,
    withPlainContinue(dialect, whole),
    event,
  );
  const found = collect(dialect, root);
  const read = readFound(dialect, root, found);
  const problem = problemOf(dialect, root, found, read) ?? eventNameProblem(dialect, root, event);
  const output =
    problem === undefined && foreign.length === 0
      ? read
      : { ...read, problem, diagnostics: [...foreign, ...read.diagnostics] };
  return { output, wrong: found.wrong[0], unknown: found.unknown, dropped };
}

export function rejects(output: Pick<Output, 'decision' | 'continue'>): boolean {
  return output.decision === 'block' || output.continue === false;
}

function withPlainContinue(dialect: Dialect, root: JsonObject): JsonObject {
  return isFalsyContinue(dialect, ownProperty(root, 'continue'))
    ? { ...root, continue: false }
    : root;
}

/** Drops the fields of a hookSpecificOutput for another event, except for a rejection. */
function dropForeignEvent(dialect: Dialect, root: JsonObject, event: string | undefined) {
  const { hookSpecificOutput: nested, ...rest } = root;
  const named = ownProperty(nested, 'hookEventName');
  const isOurs = typeof named === 'string' && event !== undefined && isSameEvent(named, event);
  if (
    dialect.output.eventName !== 'dropped' ||
    event === undefined ||
    !isJsonObject(nested) ||
    isOurs
  ) {
    return { root, foreign: [], dropped: undefined };
  }
  const claims = ['permissionDecision', 'permission_decision', 'decision'].flatMap((key) => {
    const path = `hookSpecificOutput.${key === 'decision' ? 'decision.behavior' : key}`;
    const value = at(root, path);
    return value === undefined ? [] : [{ key, path, kind: claimOf(dialect, path, value)?.kind }];
  });
  const rejecting = claims.filter(({ kind }) => kind === 'block').map(({ key }) => key);
  const kept = [...rejecting, 'permissionDecisionReason'].map((key) => [
    key,
    ownProperty(nested, key),
  ]);
  const message = `hookSpecificOutput is for ${quote(JSON.stringify(named ?? null))}, not for ${event}; only a rejection in it counts.`;
  return {
    root: rejecting.length > 0 ? { ...rest, hookSpecificOutput: Object.fromEntries(kept) } : rest,
    foreign: [note('wrong-event-name', message)],
    dropped: claims.find(({ kind }) => kind !== 'block' && kind !== 'allow')?.path,
  };
}

function eventNameProblem(
  dialect: Dialect,
  root: JsonObject,
  event: string | undefined,
): string | undefined {
  const rule = dialect.output.eventName;
  if ((rule !== 'error' && rule !== 'needed') || event === undefined) return undefined;
  for (const path of eventNamePaths) {
    const container = path.slice(0, path.indexOf('.'));
    if (!isJsonObject(at(root, container))) continue;
    const named = at(root, path);
    if (
      named === undefined
        ? rule === 'needed'
        : typeof named !== 'string' || !isSameEvent(named, event)
    ) {
      return `${container} does not name the event ${event}`;
    }
  }
  return undefined;
}

/** Why this dialect would refuse the whole output, though its keys can be read. */
function problemOf(
  dialect: Dialect,
  root: JsonObject,
  found: Found,
  read: Output,
): string | undefined {
  const { extraKeys, wrongType, allowNeedsInput } = dialect.output;
  const noText = read.diagnostics.find((one) => one.code === 'wrong-type');
  if (extraKeys === 'error' && found.unknown.length > 0)
    return `unknown keys: ${listed(found.unknown)}`;
  if (wrongType !== 'noted' && noText !== undefined) return noText.message;
  const empty =
    wrongType === 'error-and-null'
      ? found.known.find((path) => at(root, path) === null)
      : undefined;
  if (empty !== undefined) return `${empty} is null`;
  const allows = at(root, 'hookSpecificOutput.permissionDecision') === 'allow';
  if (allowNeedsInput && allows !== (read.updatedInput !== undefined)) {
    return 'permissionDecision allow and updatedInput are only taken together';
  }
  return undefined;
}

function readFound(dialect: Dialect, root: JsonObject, found: Found): Output {
  const diagnostics = found.wrong.map((wrong) =>
    note('wrong-type', `${wrong}; ignored beside a rejection.`),
  );
  const there = new Set(found.known);
  const text = (paths: readonly string[]) => firstText(root, paths, { there, diagnostics });
  const decision = found.said.length === 0 ? undefined : decisionOf(found.said);
  const foreign = found.known.flatMap((path) => foreignKey(dialect, path, at(root, path)));
  if (foreign.length > 0)
    diagnostics.push(
      note(
        'foreign-spelling',
        `${foreign.join(', ')}: not of the ${dialect.name} dialect; read all the same.`,
      ),
    );
  if (found.unknown.length > 0)
    diagnostics.push(note('unknown-key', `${listed(found.unknown)}: not known; ignored.`));
  if (
    new Set(found.said.filter((kind) => kind !== 'none')).size > 1 ||
    (found.said.includes('none') && decision === 'block')
  ) {
    diagnostics.push(
      note('contradiction', 'The output says more than one thing; the strictest counts.'),
    );
  }
  const extra = Object.entries(dialect.output.extra).filter(([path]) => there.has(path));
  const isEnd = at(root, 'continue') === false;
  const flags = [at(root, 'continue'), at(root, 'continue_')].filter(
    (flag) => typeof flag === 'boolean',
  );
  return {
    decision,
    permitted: at(root, 'hookSpecificOutput.permissionDecision') === 'allow',
    reason: text(textPaths.reason),
    additionalContext: text(textPaths.additionalContext) ?? text(dialect.output.contextKeys),
    systemMessage: text(textPaths.systemMessage),
    stopReason: text(textPaths.stopReason),
    updatedInput: firstInput(root, there),
    continue:
      at(root, 'halt') === true ? false : flags.length === 0 ? undefined : !flags.includes(false),
    extra:
      extra.length === 0
        ? undefined
        : Object.fromEntries(extra.map(([path, { name }]) => [name, at(root, path)])),
    keys: new Set([
      ...found.known.flatMap((path) => keysOf(path, at(root, path))),
      ...(found.said.length === 0 && !isEnd && there.has('reason') ? ['reason alone'] : []),
    ]),
    problem: undefined,
    diagnostics,
  };
}

function firstInput(root: JsonObject, there: ReadonlySet<string>): unknown {
  for (const path of inputPaths) {
    const input = there.has(path) ? readInput(at(root, path)) : undefined;
    if (input !== undefined) return input;
  }
  return undefined;
}

/** Some scripts write the new input as a string that contains JSON. */
function readInput(value: unknown): unknown {
  if (value === null) return undefined;
  const inner = typeof value === 'string' ? parseBounded(value) : undefined;
  return isJsonObject(inner) ? inner : value;
}

function decisionOf(said: readonly DecisionKind[]): DecisionKind {
  for (const kind of ['block', 'ask', 'allow'] as const) if (said.includes(kind)) return kind;
  return 'none';
}
