/**
 * Compiles hook documents to hooks, with the same checks as `hookpool check`: a document is taken
 * whole or refused whole. Results are cached by content, so that a caller that sends its hooks with
 * every event pays once. Each tenant has its own entries: the time of an answer does not show what
 * another tenant has sent.
 */

import { orFallback } from '../deadline.ts';
import { InvalidInputError } from '../errors.ts';
import type { HookSet } from '../files/hook-set.ts';
import { InvalidHooksError, parseHooksFile } from '../files/hooks-file.ts';
import type { Problem } from '../files/source-document.ts';
import { scriptOf } from '../protocol/action.ts';
import type { Hook } from '../protocol/hook.ts';
import { documentLimits } from '../protocol/limits.ts';
import type { ProfileContents } from '../protocol/profile.ts';
import { scriptKey } from '../protocol/script.ts';
import { pointerTo } from './body.ts';
import type { Backend } from './deps.ts';
import { FairMap } from './fair-map.ts';
import { FieldError, type FieldProblem } from './http-error.ts';
import { lateError, type ReadCall } from './reading/read-call.ts';
import type { HookDocument, HookPlace } from './stores.ts';

const cacheBytes = 32 << 20;
const cacheEntries = 1_000;
/** The name that a GlobalHook document without one gives its hook. */
const unnamedGlobalHook = 'global-hook';
const wholeBody: HookPlace = { pointer: '', fields: '' };

/** Reads a document, on the main thread or on a worker thread. */
export interface HookSetReader {
  hookSet(document: HookDocument, call: ReadCall): Promise<HookSet>;
}

interface Entry {
  readonly set: Promise<HookSet>;
  syntax?: Promise<readonly Problem[]> | undefined;
}

export class HookCompiler {
  readonly #entries = new FairMap<Entry>(cacheEntries, cacheBytes);
  readonly #reader: HookSetReader;
  readonly #checkScript: Backend['checkScript'];
  readonly #profiles: readonly ProfileContents[] | undefined;

  /** @param profiles that hooks can run in; undefined: the built-in ones */
  constructor(
    reader: HookSetReader,
    checkScript: Backend['checkScript'],
    profiles?: readonly ProfileContents[],
  ) {
    this.#reader = reader;
    this.#checkScript = checkScript;
    this.#profiles = profiles;
  }

  /**
   * @throws FieldError with every problem, each with its pointer; UnavailableError `OVERLOADED`
   * when reading takes longer than the call permits or its thread ends. A reading that takes longer
   * goes on, for the next caller.
   */
  compile(document: HookDocument, { tenant, withinMs }: ReadCall): Promise<HookSet> {
    const { set } = this.#entry(document, tenant);
    if (withinMs === undefined) return set;
    return orFallback(withinMs, set, () => {
      throw lateError('The hooks');
    });
  }

  /**
   * Compiles, and has the interpreters check the syntax of the scripts, one after another: a check
   * must not take the pool from the jobs.
   * @throws FieldError as compile(); the error of checkScript when there was no sandbox
   */
  async check(document: HookDocument, tenant: string): Promise<HookSet> {
    const entry = this.#entry(document, tenant);
    const set = await entry.set;
    entry.syntax ??= this.#syntaxProblems(set, tenant);
    try {
      const problems = await entry.syntax;
      if (problems.length > 0) throw fieldError(document, new InvalidHooksError(problems));
    } catch (error) {
      entry.syntax = undefined;
      throw error;
    }
    return set;
  }

  /**
   * The cache entry of a document, which is read without the deadline of the first caller: callers
   * with more time wait for the same reading.
   */
  #entry(document: HookDocument, tenant: string): Entry {
    const { name, text, sha256, hint } = document;
    const key = JSON.stringify([name, hint?.dialect, hint?.agent, hint?.failMode, sha256]);
    const known = this.#entries.get(tenant, key);
    const withProfiles = { ...document, hint: { ...hint, profiles: this.#profiles } };
    const entry = known ?? { set: this.#reader.hookSet(withProfiles, { tenant }) };
    // A known entry is set again too, so that the least recently used one is evicted first.
    this.#entries.set(tenant, key, entry, text.length);
    if (known === undefined) {
      entry.set.catch(() => {
        if (this.#entries.get(tenant, key) === entry) this.#entries.delete(tenant, key);
      });
    }
    return entry;
  }

  async #syntaxProblems(set: HookSet, tenant: string): Promise<readonly Problem[]> {
    const answers = new Map<string, string | undefined>();
    const problems: Problem[] = [];
    for (const { hook, scriptProblem } of set.hooks) {
      const script = scriptOf(hook);
      if (script === undefined) continue;
      const key = `${hook.profile}\n${scriptKey(script)}`;
      if (!answers.has(key))
        answers.set(key, await this.#checkScript(script, tenant, hook.profile));
      const message = answers.get(key);
      if (message !== undefined) problems.push(scriptProblem(message));
    }
    return problems;
  }
}

/** The hooks of a set. A GlobalHook without a name gets the name under which it is stored. */
export function hooksOf(document: HookDocument, set: HookSet): readonly Hook[] {
  const hooks = set.hooks.map(({ hook }) => hook);
  if (set.format !== 'azure-global-hook') return hooks;
  return hooks.map((hook) =>
    hook.name === unnamedGlobalHook ? { ...hook, name: document.name } : hook,
  );
}

/** @throws FieldError as HookCompiler.compile */
export function readHookDocument(document: HookDocument): HookSet {
  const bytes = Buffer.byteLength(document.text);
  try {
    if (bytes > documentLimits.bytes) {
      throw new InvalidInputError(
        'TOO_LARGE',
        `The hooks have ${bytes} bytes; ${documentLimits.bytes} are the most.`,
      );
    }
    return parseHooksFile(document.name, document.text, document.hint);
  } catch (error) {
    if (error instanceof InvalidInputError) throw fieldError(document, error);
    throw error;
  }
}

function fieldError({ place = wholeBody }: HookDocument, error: InvalidInputError): FieldError {
  const { pointer: whole, fields } = place;
  if (!(error instanceof InvalidHooksError)) return new FieldError(whole, error);
  const problems: FieldProblem[] = error.problems.map(({ line, column, message, path }) => {
    const pointer = fields === undefined || path.length === 0 ? whole : fields + pointerTo(path);
    return { line, column, message, pointer };
  });
  return new FieldError(problems[0]?.pointer ?? whole, error, problems);
}
