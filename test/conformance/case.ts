/** One line of a conformance file: hooks and stdin of an agent system, and what must come of it. */

import { readFileSync } from 'node:fs';
import { findDialect } from '../../src/agents/registry.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { failModesOf } from '../../src/files/compile-entry.ts';
import type { CommandAction } from '../../src/protocol/action.ts';
import { type Dialect, type FailMode, failModes } from '../../src/protocol/dialect.ts';
import { eventRules, findEvent } from '../../src/protocol/dialect-lookup.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { compileCondition } from '../../src/protocol/matching/condition.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';
import { emptyRun, type RunResult, type Runtime } from '../../src/protocol/run.ts';
import { parseScript } from '../../src/protocol/script.ts';
import { knownCaseKeys, knownHookKeys } from './known-keys.ts';

export interface Observed {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
}

interface CaseHook {
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
  /**
   * The agent's file says that the hooks of this event run one after another, each on what the one
   * before made of the input.
   */
  readonly sequential?: boolean;
  readonly piped?: boolean;
}

/**
 * System of the file -> dialect of ours. `any` holds everywhere. A system without an entry is
 * skipped by name.
 */
const dialectOf: Readonly<Record<string, string>> = {
  'azure-sre-agent': 'azure',
  any: 'azure',
  'docker-agent/gen1': 'docker-agent',
  'docker-agent/gen2': 'docker-agent-gen2',
  'docker-agent/gen3': 'docker-agent-strict',
  agentpool: 'agentpool',
  'claude-code': 'claude-code',
  'claude-code/older': 'claude-code-2025',
  'deepseek-harness': 'claude-code-2025',
  codex: 'codex',
  'gemini-cli': 'gemini-cli',
  openhands: 'openhands',
  'qwen-code': 'qwen-code',
  'copilot-cli': 'copilot',
  crush: 'crush',
  cline: 'cline',
  cursor: 'cursor',
  'amazon-q': 'amazon-q',
  windsurf: 'windsurf',
  vscode: 'vscode',
  tutorial: 'generic',
};

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
  if (one.contextFill !== undefined && !isFill(one.contextFill))
    return 'contextFill needs path and bytes';
  const unknown = one.hooks.flatMap((hook) =>
    Object.keys(hook).filter((key) => !knownHookKeys.has(key)),
  );
  if (unknown.length > 0) return `hook key ${unknown[0]} is not supported by this harness`;
  if (!live && one.observed === undefined) return 'no observed run; try --live';
  if (live && one.hooks.some((hook) => hook.script === undefined && hook.command === undefined))
    return 'no script';
  return undefined;
}

export function caseHooks(one: Case): { dialect: Dialect; hooks: Hook[] } {
  const dialect = findDialect(dialectOf[one.system] ?? one.system);
  const event = findEvent(dialect, one.event);
  return {
    dialect,
    hooks: one.hooks.map((hook, index) => toHook({ one, dialect, event }, hook, index)),
  };
}

interface Surroundings {
  readonly one: Case;
  readonly dialect: Dialect;
  readonly event: string;
}

function toHook(
  { one, dialect, event }: Surroundings,
  hook: CaseHook,
  index: number,
): Hook<CommandAction> {
  const rules = eventRules(dialect, event);
  // Cases that hold in any system leave the matcher out where it means "every tool".
  const matcher = one.system === 'any' ? (hook.matcher ?? '*') : (hook.matcher ?? undefined);
  const condition = hook['if'] ?? hook['condition'];
  if (condition !== undefined && (!rules.usesMatcher || rules.matchOn !== undefined)) {
    throw new InvalidInputError('INVALID_HOOKS', 'if is only for events of tools.');
  }
  const runtime: Runtime = hook.interpreter?.startsWith('python') ? 'python3' : 'bash';
  return {
    name: typeof hook['name'] === 'string' ? hook['name'] : `${event}[${index}]`,
    event,
    tier: hook.tier === 'system' || hook.tier === 'global' ? hook.tier : 'agent',
    action: {
      kind: 'command',
      script: {
        runtime,
        source: withEnv(
          hook,
          normalised(hook.script ?? String(hook['command'] ?? ''), dialect.maxScriptBytes),
        ),
      },
    },
    matcher,
    matches: compileMatcher(dialect, matcher, rules.matcher),
    // Not above 0 means the default, as the systems themselves read it.
    timeoutMs:
      (hook.timeout ?? 0) > 0
        ? Number(hook.timeout) * 1000
        : (rules.defaultTimeoutMs ?? dialect.defaultTimeoutMs),
    ...failModesOf({ dialect, event }, writtenFailMode(hook)),
    sources: hook.sources,
    activation: hook['enabled'] === false ? 'on-demand' : 'always',
    async: hook['async'] === true,
    once: hook['once'] === true,
    sequential: hook['sequential'] === true || one.sequential === true || one.piped === true,
    maxRejections: typeof hook['maxRejections'] === 'number' ? hook['maxRejections'] : undefined,
    strictOutput: hook['strict_output'] === true,
    quiet: hook['on_error'] === 'ignore',
    condition: typeof condition === 'string' ? compileCondition(condition) : undefined,
  };
}

/**
 * The switches of the systems that mean what our failMode means. Docker's warn and ignore cannot
 * open what is closed.
 */
function writtenFailMode(hook: CaseHook): FailMode | undefined {
  if (hook['on_error'] === 'block' || hook['onFailure'] === 'block' || hook['failClosed'] === true)
    return 'block';
  if (hook['onFailure'] === 'continue') return 'allow';
  return failModes.find((mode) => mode === (hook.failMode ?? hook.fail_mode)?.toLowerCase());
}

/** Variables that the agent's runtime would have set. */
function withEnv(hook: CaseHook, script: string): string {
  const lines = Object.entries((hook['env'] ?? {}) as Record<string, string>).map(([key, value]) =>
    hook.interpreter?.startsWith('python')
      ? `import os; os.environ[${JSON.stringify(key)}] = ${JSON.stringify(value)}\n`
      : `export ${key}='${value.replaceAll("'", "'\\''")}'\n`,
  );
  return `${lines.join('')}${script}`;
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
  return Buffer.from(
    `${JSON.stringify(grow(one.context, fill.path.split('.'), 'A'.repeat(fill.bytes)))}\n`,
  );
}

function grow(node: unknown, [key, ...rest]: string[], text: string): unknown {
  if (key === undefined) return text;
  const object = (node ?? {}) as { readonly [key: string]: unknown };
  return { ...object, [key]: grow(object[key], rest, text) };
}

/**
 * A long recording ends with `…(60045 chars)`, its length: the last character was printed again and
 * again, in a JSON text.
 */
function unabridged(stdout: string): string {
  const [, head = '', length] = /^(.*)…\((\d+) chars\)$/s.exec(stdout) ?? [];
  if (length === undefined) return stdout;
  const end = '"}\n';
  return head + head.slice(-1).repeat(Number(length) - head.length - end.length) + end;
}

/** A recorded run as the facts that a sandbox would have reported. */
export function observedRun(observed: Observed): RunResult {
  const stdout = Buffer.from(unabridged(observed.stdout ?? ''));
  const stderr = Buffer.from(observed.stderr ?? '');
  const output = {
    stdout,
    stderr,
    stdoutTotalBytes: stdout.length,
    stderrTotalBytes: stderr.length,
  };
  if (observed.timedOut === true) return { ...emptyRun('timed-out'), ...output, signal: 'SIGKILL' };
  if (observed.exitCode === undefined)
    return { ...emptyRun('signaled'), ...output, signal: observed.signal ?? 'SIGKILL' };
  return { ...emptyRun('exited'), ...output, exitCode: observed.exitCode };
}
