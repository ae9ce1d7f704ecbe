/** Compiles an entry under hookpool's own keys to a hook, or tells why there can be none. */
import type { z } from 'zod';
import type { Action } from '../protocol/action.ts';
import type { FailMode } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import type { Hook } from '../protocol/hook.ts';
import { neverMatching } from '../protocol/matching/never-matching.ts';
import { shortened, shown } from '../protocol/shown.ts';
import { bridgeProblem } from './bridge-line.ts';
import { callableProblems } from './callable-hook.ts';
import { compileAction, scriptKeyOf } from './compile-action.ts';
import { type CompiledMatching, compileMatching } from './entry-matching.ts';
import { bodyProblems, type KeyProblem, settingProblems, timeoutOf } from './hook-problems.ts';
import { type HookEntry, hookEntrySchema } from './hook-schema.ts';
import { httpProblems, httpReason, isHttpHook } from './http-hook.ts';
import { judgeProblems, judgeReason } from './judge-hook.ts';
import { isJudgeHook } from './judge-type.ts';
import type { EntryPlace, EntryResult, LoadedHook, OwnEntry } from './loaded-hook.ts';
import type { Problem } from './source-document.ts';
import { reasonOf, settingsOf, usableSettings } from './unsupported-hook.ts';

/** @returns the hook, or every problem with its place. */
export function compileEntry(place: EntryPlace, own: OwnEntry): EntryResult {
  const bridge = bridgeProblem(own.entry);
  if (bridge !== undefined) return refusal(place, own, bridge);
  const parsed = hookEntrySchema.safeParse(own.entry);
  if (!parsed.success)
    return withoutRun(
      place,
      own,
      parsed.error.issues.map((issue) => issueProblem(own, issue)),
    );
  const { data } = parsed;
  const matching = compileMatching(place, data);
  const { failMode } = failModesFor(place, data);
  const compiled = compileAction(place, own, data, failMode);
  const { action, bridgeFile, problems, unsent, lacking, ofProject } = compiled;
  if (bridgeFile !== undefined) return refusal(place, own, bridgeFile);
  // A key that cannot be used may be the one that would have set the command.
  const body =
    place.isAgentFile === true && own.problems.length > 0
      ? []
      : [
          ...bodyProblems(data),
          ...httpProblems(place, data),
          ...callableProblems(data),
          ...judgeProblems(place, data),
        ];
  const wrong = [...body, ...settingProblems(place, data), ...problems, ...matching.problems];
  if (own.problems.length + wrong.length > 0 || action === undefined) {
    const isUnsent = wrong.length === unsent.length && own.problems.length === 0;
    return withoutRun(place, own, wrong, isUnsent);
  }
  if (data.enabled === false) return { problems: [] };
  const { profile } = compiled;
  const hook = { ...hookOf(place, data, action, matching), ...(profile && { profile }) };
  const texts = (some: readonly KeyProblem[]) => some.map(([, message]) => message);
  const warnings = [
    ...loadWarnings(place, data, hook),
    ...lacking,
    ...(place.project?.isMounted === true ? [] : ofProject),
    ...neverMatching(place.dialect, eventRules(place.dialect, place.event), data),
  ];
  return {
    loaded: loadedHook(
      place,
      own,
      {
        ...hook,
        ...(lacking.length === 0 ? {} : { lacks: texts(lacking) }),
        ...(ofProject.length === 0 ? {} : { lacksOfProject: texts(ofProject) }),
      },
      warnings.map((warning) => problemAt(place, own, warning)),
    ),
    problems: [],
  };
}

/** The problem refuses the file in every format. */
function refusal(place: EntryPlace, own: OwnEntry, problem: KeyProblem): EntryResult {
  return { problems: [problemAt(place, own, problem)] };
}

/**
 * The result of an entry that gives no hook that can run. In an agent's own file it is an
 * unsupported hook, which refuses nothing: the hooks beside it may be guards.
 * @param isUnsent the hook lacks only files of its project, and the document came without any: the
 * caller has to send them, or all guards that are script files would be gone.
 */
function withoutRun(
  place: EntryPlace,
  own: OwnEntry,
  wrong: readonly KeyProblem[],
  isUnsent = false,
): EntryResult {
  const problems = [...own.problems, ...wrong.map((one) => problemAt(place, own, one))];
  if (place.isAgentFile !== true || isUnsent) return { problems };
  const data = usableSettings(own.entry, wrong);
  if (data.enabled === false) return { problems: [], warnings: problems };
  const action: Action = {
    kind: 'unsupported',
    type: own.foreignType ?? String(own.entry['type'] ?? 'command'),
    reason: reasonOf(problems),
    settings: settingsOf(own.written ?? own.entry),
  };
  const hook = hookOf(place, data, action, compileMatching(place, data));
  const warnings = problems.map((one) => ({ ...one, message: counted(one.message, hook) }));
  return { loaded: loadedHook(place, own, hook, warnings), problems: [] };
}

function loadWarnings(place: EntryPlace, data: HookEntry, hook: Hook): KeyProblem[] {
  const { warning } = timeoutOf(place, data);
  const { canAsk, canBlock } = eventRules(place.dialect, place.event);
  const nobody = `At ${place.event} nobody can be asked, so failMode: ask blocks there: write failMode: block.`;
  return [
    ...(warning === undefined ? [] : [['timeout', warning] as const]),
    ...(data.failMode === 'ask' && canBlock && !canAsk ? [['failMode', nobody] as const] : []),
    ...elsewhere(hook),
  ];
}

/** What a hook that runs in some processes only counts as in the others. */
function elsewhere({ action: { kind }, failMode }: Hook): KeyProblem[] {
  if (kind === 'command') return [];
  const reason = kind === 'http' ? httpReason : judgeReason;
  return [['type', `${reason} Elsewhere it counts as its failMode, ${failMode}.`]];
}

function counted(reason: string, { failMode }: Hook): string {
  return `${reason} The hook counts as its failMode, ${failMode}.`;
}

function hookOf(
  place: EntryPlace,
  data: HookEntry,
  action: Action,
  { problems: _, ...matching }: CompiledMatching,
): Hook {
  return {
    name: data.name ?? place.defaultName,
    event: place.event,
    tier: data.tier ?? place.tier,
    action,
    ...matching,
    timeoutMs: timeoutOf(place, data).timeoutMs,
    ...failModesFor(place, data, action.kind !== 'unsupported'),
    strictOutput: data.strictOutput,
    ignoreToolErrors: data.ignoreToolErrors,
    quiet: data.quiet,
    once: data.once,
    state: data.state,
    async: data.async,
    shadow: data.shadow,
    sequential: data.sequential,
    maxRejections: maxRejectionsOf(place, data),
    sources: data.sources,
    activation: data.activation ?? place.activation ?? 'always',
  };
}

/** At the end of a turn: the author's, else that of the dialect's judges. */
function maxRejectionsOf({ dialect, event }: EntryPlace, data: HookEntry): number | undefined {
  if (!eventRules(dialect, event).endsTurn) return undefined;
  return data.maxRejections ?? (isJudgeHook(data) ? dialect.judges.maxRejections : undefined);
}

function loadedHook(
  place: EntryPlace,
  { where, entry, warnings = [] }: OwnEntry,
  hook: Hook,
  found: readonly Problem[],
): LoadedHook {
  // Only the place is kept, so that no hook holds the text of its file in memory.
  const scriptPlace = place.source.place(where(scriptKeyOf(entry)));
  const scriptProblem = (message: string) => ({ ...scriptPlace, message: shortened(message) });
  return { hook, scriptPlace, scriptProblem, warnings: [...warnings, ...found] };
}

/** A key without a value is the author's choice of the dialect's default. */
function failModesFor(place: EntryPlace, data: HookEntry, runs = true) {
  const given = 'failMode' in data ? { ...place, failMode: undefined } : place;
  return failModesOf(given, data.failMode, runs ? ofType(place, data) : undefined);
}

/** The dialect's failMode of hooks of this type, where they have one of their own. */
function ofType({ dialect, event }: EntryPlace, data: HookEntry): FailMode | undefined {
  if (isHttpHook(data)) return dialect.httpFailMode;
  const isClosed = isJudgeHook(data) && dialect.judges.closedAt?.includes(event) === true;
  return isClosed ? 'block' : undefined;
}

/** The author's failMode, else that of the place, else the dialect's default at this event. */
export function failModesOf(
  { dialect, event, failMode: given }: Pick<EntryPlace, 'dialect' | 'event' | 'failMode'>,
  written: FailMode | undefined,
  ofItsType?: FailMode,
): Pick<Hook, 'failMode' | 'failModeIsDefault'> {
  const failMode = written ?? given ?? ofItsType;
  if (failMode !== undefined) return { failMode };
  return {
    failMode: eventRules(dialect, event).defaultFailMode ?? dialect.defaultFailMode,
    failModeIsDefault: true,
  };
}

function problemAt(
  { source }: EntryPlace,
  { where }: OwnEntry,
  [key, message, inner = []]: KeyProblem,
): Problem {
  return source.problem([...where(key), ...inner], message);
}

function issueProblem({ where }: OwnEntry, issue: z.core.$ZodIssue): KeyProblem {
  const [first, ...inner] = issue.path.map(String);
  const key = String(first);
  const name = [where(key).at(-1), ...inner].join('.');
  return [key, `${shown(name)}: ${issue.message}.`, inner];
}
