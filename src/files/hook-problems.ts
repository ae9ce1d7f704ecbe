/**
 * Settings of a hook that are each well formed and wrong together, or wrong at the hook's event.
 */
import { builtInContents } from '../bundling/needs/profiles.ts';
import type { Dialect, Tier } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import type { ProfileContents } from '../protocol/profile.ts';
import { shown } from '../protocol/shown.ts';
import type { HookEntry } from './hook-schema.ts';
import { judgeTypeOf } from './judge-type.ts';

interface HookPlace {
  readonly dialect: Dialect;
  readonly event: string;
  /** The tier of an entry that names none. */
  readonly tier: Tier;
  /** The profiles that hooks can run in; undefined: the built-in ones. */
  readonly profiles?: readonly ProfileContents[] | undefined;
}

/** A problem of one of hookpool's keys, and where inside of its value. */
export type KeyProblem = readonly [key: string, message: string, inner?: readonly string[]];

/**
 * A timeout of 0 or less means the default, as in the agent systems themselves; one above the
 * maximum becomes the maximum.
 */
export function timeoutOf(
  { dialect, event }: Pick<HookPlace, 'dialect' | 'event'>,
  { timeout = 0, ...data }: Pick<HookEntry, 'timeout' | 'type' | 'prompt'>,
) {
  if (timeout <= 0) {
    const { defaultTimeoutMs } = eventRules(dialect, event);
    return { timeoutMs: defaultTimeoutMs ?? ofType(dialect, data) ?? dialect.defaultTimeoutMs };
  }
  const timeoutMs = Math.round(timeout * 1000);
  const { maxTimeoutMs } = dialect;
  if (timeoutMs <= maxTimeoutMs) return { timeoutMs };
  return {
    timeoutMs: maxTimeoutMs,
    warning: `timeout is ${timeout} s; the hook has ${maxTimeoutMs / 1000} s, which is the most.`,
  };
}

function ofType(dialect: Dialect, data: Pick<HookEntry, 'type' | 'prompt'>): number | undefined {
  const { httpTimeoutMs, judges } = dialect;
  if (data.type === 'http') return httpTimeoutMs;
  const type = judgeTypeOf(data);
  if (type === undefined) return undefined;
  return type === 'agent' ? judges.agentTimeoutMs : judges.promptTimeoutMs;
}

/** What is wrong with the command, the script and the prompt together. */
export function bodyProblems(data: HookEntry): KeyProblem[] {
  // httpProblems() and callableProblems() tell what is wrong with these.
  if (data.type === 'http' || data.type === 'callable') return [];
  const texts = [data.command, data.script].filter((text) => text !== undefined).length;
  const type = judgeTypeOf(data);
  if (type !== undefined) {
    if (texts > 0) return [['type', `A ${type} hook takes no script; write type: command.`]];
    return data.prompt === undefined ? [['type', `A ${type} hook needs a prompt.`]] : [];
  }
  if (texts === 2) return [['command', 'command and script exclude each other: keep one.']];
  return texts === 0 ? [['type', 'A command hook needs a script or a command.']] : [];
}

/** Settings with which a hook that looks like a guard would block nothing. */
function guardProblems({ async, shadow, failMode = 'allow' }: HookEntry): KeyProblem[] {
  if (async === true && shadow === true)
    return [['shadow', 'An async hook decides nothing, so shadow changes nothing: keep one.']];
  if (async !== true || failMode === 'allow') return [];
  const text = `An async hook decides nothing, so failMode: ${failMode} would guard nothing. Remove one of the two.`;
  return [['async', text]];
}

/** What is wrong with the other settings, at this event. */
export function settingProblems(
  { dialect, event, tier, profiles = builtInContents }: HookPlace,
  data: HookEntry,
): KeyProblem[] {
  const rules = eventRules(dialect, event);
  const problems: KeyProblem[] = [];
  if (timeoutOf({ dialect, event }, data).timeoutMs < dialect.minTimeoutMs) {
    problems.push([
      'timeout',
      `timeout is ${data.timeout} s; ${dialect.minTimeoutMs / 1000} s is the least.`,
    ]);
  }
  problems.push(...guardProblems(data));
  if (
    rules.usesMatcher &&
    data.matcher === undefined &&
    dialect.matcher.emptyMatches === 'nothing'
  ) {
    problems.push([
      'matcher',
      `A ${event} hook needs a matcher, or it would never run. Write matcher: "*" for every tool.`,
    ]);
  }
  if (data.sources !== undefined && !rules.usesSources)
    problems.push(['sources', 'sources is only for Start hooks.']);
  if (data.if !== undefined && (!rules.usesMatcher || rules.matchOn !== undefined)) {
    problems.push(['if', 'if is only for events of tools.']);
  }
  if (data.name?.startsWith('system__') && (data.tier ?? tier) !== 'system') {
    problems.push([
      'name',
      'Names that begin with system__ are reserved for hooks of the system tier.',
    ]);
  }
  const known = profiles.map(({ name }) => name);
  if (data.profile !== undefined && !known.includes(data.profile))
    problems.push([
      'profile',
      `There is no profile "${shown(data.profile)}". Known: ${known.join(', ')}.`,
    ]);
  return problems;
}
