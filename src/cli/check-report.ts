/** What `hookpool check` prints: the hooks, what is wrong with them, and a last line. */

import { findDialect } from '../agents/registry.ts';
import type { HookSet } from '../files/hook-set.ts';
import { formatProblems, formatWarnings } from '../files/problem-text.ts';
import type { Problem } from '../files/source-document.ts';
import { plainJson } from '../plain-text.ts';
import { scriptOf } from '../protocol/action.ts';
import { failModes } from '../protocol/dialect.ts';
import { isHeard } from '../protocol/hook.ts';
import { defaultProfile } from '../protocol/sandbox-kind.ts';
import type { Io } from './command.ts';
import { oneLine, paint, table } from './table.ts';

/** Everything that a check has found. */
export interface Findings {
  readonly sets: readonly HookSet[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Why no interpreter has parsed the scripts; absent: they were parsed, or there are none. */
  readonly unparsed?: Unparsed | undefined;
}

export interface Unparsed {
  /** `--static`, or the code of the error for which there was no sandbox. */
  readonly code: string;
  readonly message?: string;
}

export function checkJson({ sets, problems, warnings, unparsed }: Findings): string {
  const found = {
    hooks: sets.flatMap(summaries),
    problems: problems.map(forJson),
    warnings: warnings.map(forJson),
    leftOut: unparsed === undefined ? [] : [{ what: 'syntax', ...unparsed }],
  };
  return `${plainJson(JSON.stringify(found))}\n`;
}

export function checkText(found: Findings, io: Io): void {
  const { sets, problems, warnings, unparsed } = found;
  if (sets.some((set) => set.hooks.length > 0)) io.out(hookTables(sets, io));
  io.err(formatWarnings(warnings));
  io.err(problems.map((one) => `${formatProblems([one])}\n`).join(''));
  if (unparsed?.message !== undefined)
    io.err(`note: no sandbox parsed the scripts: ${unparsed.message}\n`);
  io.out(`${lastLine(found, io)}\n`);
}

function lastLine({ sets, problems, warnings, unparsed }: Findings, io: Io): string {
  const count = problems.reduce((sum, { more = 1 }) => sum + more, 0);
  if (count > 0) return paint(counted(count, 'problem'), 'red', io.terminal);
  const told = warnings.length === 0 ? [] : [counted(warnings.length, 'warning')];
  const left = unparsed === undefined ? [] : [`scripts not parsed (${unparsed.code})`];
  const notes = [...told, ...unsupportedLine(sets), ...left].map((note) => `, ${note}`).join('');
  return `${paint('ok', 'green', io.terminal)}${notes}`;
}

function unsupportedLine(sets: readonly HookSet[]): string[] {
  const all = sets.flatMap(summaries).filter(({ unsupported }) => unsupported !== undefined);
  if (all.length === 0) return [];
  const modes = failModes.flatMap((mode) => {
    const count = all.filter(({ failMode }) => failMode === mode).length;
    return count === 0 ? [] : [{ mode, count }];
  });
  const [first, second] = modes;
  const as =
    second === undefined
      ? `${all.length === 1 ? 'counts' : 'count'} as failMode ${first?.mode}`
      : modes.map(({ mode, count }) => `${count} as failMode ${mode}`).join(', ');
  return [`${counted(all.length, 'hook')} cannot run here (${as})`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * Drops the path, which only the server needs, for its pointers; line and column give the place
 * here.
 */
function forJson({ path: _, ...problem }: Problem) {
  return problem;
}

function summaries(set: HookSet) {
  return set.hooks.map(({ hook }) => ({
    file: set.file,
    format: set.format,
    dialect: set.dialect.name,
    name: hook.name,
    event: hook.event,
    tier: hook.tier,
    runtime: scriptOf(hook)?.runtime ?? null,
    profile: scriptOf(hook) === undefined ? null : (hook.profile ?? defaultProfile),
    ...(hook.action.kind === 'unsupported'
      ? { unsupported: { type: hook.action.type, reason: hook.action.reason } }
      : {}),
    matcher: hook.matcher ?? null,
    timeoutMs: hook.timeoutMs,
    failMode: hook.failMode,
    activation: hook.activation,
    ...(isHeard(hook) ? {} : { shadow: true }),
    files: scriptOf(hook)?.bundle?.files.map(({ path }) => path) ?? [],
  }));
}

type Summary = ReturnType<typeof summaries>[number];

/** The tables: with several files the first column of each is the file. */
function hookTables(sets: readonly HookSet[], io: Io): string {
  const hooks = sets.flatMap(summaries);
  const placed = ({ file, event, name }: Summary): string[] => [
    ...(sets.length > 1 ? [oneLine(file)] : []),
    event,
    oneLine(name),
  ];
  const titles = [...(sets.length > 1 ? ['FILE'] : []), 'EVENT', 'HOOK'];
  const below = (more: readonly string[], rows: readonly string[][], columns: number) =>
    rows.length === 0 ? '' : `\n${table([[...titles, ...more], ...rows], columns)}`;
  const all = table(
    [[...titles, ...settingTitles], ...hooks.map((hook) => [...placed(hook), ...settings(hook)])],
    io.columns,
  );
  const taken = hooks.flatMap((hook) => hook.files.map((file) => [...placed(hook), oneLine(file)]));
  const unsupported = hooks.flatMap((hook) =>
    hook.unsupported === undefined
      ? []
      : [[...placed(hook), oneLine(hook.unsupported.type), oneLine(hook.unsupported.reason)]],
  );
  // The end of a reason is its fix, so that no width cuts it.
  return `${all}${below(['TAKES ALONG'], taken, io.columns)}${below(['TYPE', 'CANNOT RUN HERE'], unsupported, Infinity)}`;
}

const settingTitles = [
  'TIER',
  'RUNTIME',
  'TIMEOUT',
  'FAILMODE',
  'ACTIVATION',
  'PROFILE',
  'MATCHER',
];

function settings(hook: Summary): string[] {
  return [
    hook.tier,
    hook.runtime ?? '-',
    `${hook.timeoutMs / 1000} s`,
    hook.failMode,
    hook.shadow === true ? `${hook.activation}, shadow` : hook.activation,
    hook.profile ?? '-',
    hook.matcher === ''
      ? `"" (matches ${findDialect(hook.dialect).matcher.emptyMatches})`
      : oneLine(hook.matcher ?? ''),
  ];
}
