/** One line of a conformance file: hooks and stdin of an agent system, and what must come of it. */
import { readFileSync } from 'node:fs';
import { type Dialect, type FailMode, failModes } from '../../src/protocol/dialect.ts';
import { findDialect } from '../../src/protocol/dialects/registry.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { compileMatcher } from '../../src/protocol/matcher.ts';
import { emptyRun, type RunResult, type Runtime } from '../../src/protocol/run.ts';
import { parseScript } from '../../src/protocol/script.ts';

export interface Observed {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
}

export interface CaseHook {
  readonly interpreter?: string;
  readonly script?: string;
  readonly matcher?: string | null;
  readonly timeout?: number;
  readonly failMode?: string;
  readonly fail_mode?: string;
  readonly tier?: string;
  readonly sources?: readonly string[];
  readonly [key: string]: unknown;
}

export interface Case {
  readonly id: string;
  readonly system: string;
  readonly event: string;
  readonly hooks: readonly CaseHook[];
  readonly context: { readonly [key: string]: unknown };
  /** Grows one string of the context before the run: where (dotted path) and to how many bytes. */
  readonly contextFill?: { readonly path?: string; readonly bytes?: number };
  /** How often to run it; every run must hold. */
  readonly repeat?: number;
  readonly expect: { readonly [key: string]: unknown };
  readonly observed: readonly Observed[];
  readonly transcript?: string;
}

/** System of the file -> dialect of ours. `any` holds everywhere. A system without an entry is skipped by name. */
export const dialectOf: Readonly<Record<string, string>> = { 'azure-sre-agent': 'azure', any: 'azure' };

/** Hook keys that this harness passes on; a case with others cannot be judged and says so. */
const knownHookKeys = new Set([
  'type',
  'interpreter',
  'script',
  'matcher',
  'timeout',
  'failMode',
  'fail_mode',
  'tier',
  'sources',
  'name',
  'command',
  'activation',
]);

/** Keys of a case that this harness understands, or that tell people something. */
const knownCaseKeys = new Set([
  'id',
  'system',
  'source',
  'kind',
  'event',
  'hooks',
  'context',
  'contextFill',
  'repeat',
  'expect',
  'observed',
  'note',
  'open',
  'transcript',
  'sequential',
  'secondary',
  'needsWritableCwd',
]);

export function readCases(file: string): Case[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Case];
    } catch (error) {
      throw new Error(`${file}:${index + 1}: ${String(error)}`);
    }
  });
}

/** Why a case is not run, undefined when it is. */
export function skipReason(one: Case, live: boolean): string | undefined {
  if (dialectOf[one.system] === undefined) return `no dialect for ${one.system} yet`;
  const strange = Object.keys(one).find((key) => !knownCaseKeys.has(key));
  if (strange !== undefined) return `case key ${strange} is not supported by this harness`;
  if (one.contextFill !== undefined && !isFill(one.contextFill)) return 'contextFill needs path and bytes';
  const unknown = one.hooks.flatMap((hook) => Object.keys(hook).filter((key) => !knownHookKeys.has(key)));
  if (unknown.length > 0) return `hook key ${unknown[0]} is not supported by this harness`;
  if (!live && one.observed === undefined) return 'no observed run; try --live';
  if (live && one.hooks.some((hook) => hook.script === undefined && hook.command === undefined)) return 'no script';
  return undefined;
}

export function caseHooks(one: Case): { dialect: Dialect; hooks: Hook[] } {
  const dialect = findDialect(dialectOf[one.system] ?? one.system);
  return { dialect, hooks: one.hooks.map((hook, index) => toHook(one, dialect, hook, index)) };
}

function toHook(one: Case, dialect: Dialect, hook: CaseHook, index: number): Hook {
  // Cases that hold in any system leave the matcher out where it means "every tool".
  const matcher = one.system === 'any' ? (hook.matcher ?? '*') : (hook.matcher ?? undefined);
  const failMode =
    failModes.find((mode) => mode === (hook.failMode ?? hook.fail_mode)?.toLowerCase()) ?? (dialect.defaultFailMode as FailMode);
  const runtime: Runtime = hook.interpreter?.startsWith('python') ? 'python3' : 'bash';
  return {
    name: `hook-${index}`,
    event: one.event,
    tier: hook.tier === 'system' || hook.tier === 'global' ? hook.tier : 'agent',
    script: { runtime, source: normalised(hook.script ?? String(hook['command'] ?? ''), dialect.maxScriptBytes) },
    matcher,
    matches: compileMatcher(dialect, matcher),
    timeoutMs: (hook.timeout ?? dialect.defaultTimeoutMs / 1000) * 1000,
    failMode,
    sources: hook.sources,
    activation: 'always',
  };
}

/** As at registration; the runtime is the one that the case names, whatever the first line says. */
function normalised(text: string, maxBytes: number): string {
  return parseScript(
    text.replace(/^(\uFEFF)?#![^\n]*/, (line) => `# ${line.trim()}`),
    maxBytes,
  ).source;
}

function isFill(fill: Case['contextFill']): fill is { path: string; bytes: number } {
  return typeof fill?.path === 'string' && typeof fill.bytes === 'number';
}

/** The stdin of a case: its context, grown where it says so. */
export function caseContext(one: Case): Buffer {
  const { contextFill: fill } = one;
  if (!isFill(fill)) return Buffer.from(`${JSON.stringify(one.context)}\n`);
  return Buffer.from(`${JSON.stringify(grow(one.context, fill.path.split('.'), 'A'.repeat(fill.bytes)))}\n`);
}

function grow(node: unknown, [key, ...rest]: string[], text: string): unknown {
  if (key === undefined) return text;
  const object = (node ?? {}) as { readonly [key: string]: unknown };
  return { ...object, [key]: grow(object[key], rest, text) };
}

/** A recorded run as the facts that a sandbox would have reported. */
export function observedRun(observed: Observed): RunResult {
  const stdout = Buffer.from(observed.stdout ?? '');
  const stderr = Buffer.from(observed.stderr ?? '');
  const output = { stdout, stderr, stdoutTotalBytes: stdout.length, stderrTotalBytes: stderr.length };
  if (observed.timedOut === true) return { ...emptyRun('timed-out'), ...output, signal: 'SIGKILL' };
  if (observed.exitCode === undefined) return { ...emptyRun('signaled'), ...output, signal: observed.signal ?? 'SIGKILL' };
  return { ...emptyRun('exited'), ...output, exitCode: observed.exitCode };
}
