/** Reads the operator's judges file, and makes what asks its judges. */
import { readFile } from 'node:fs/promises';
import { readTargetsConfig, type TargetsConfig } from '../config.ts';
import type { JudgeRunner } from '../dispatch/runner.ts';
import { parseSettings } from '../files/settings-file.ts';
import { MemoryCache, type VerdictCache } from '../outbound/judges/cache.ts';
import { JudgeHooks, type JudgeHooksOptions } from '../outbound/judges/judge-hook.ts';
import { Judges } from '../outbound/judges/judges.ts';
import {
  type JudgesSettings,
  judgesSettingsSchema,
  type SpendingLimits,
} from '../outbound/judges/settings.ts';
import type { SharedPlaces } from '../outbound/judges/shared-place.ts';
import {
  MemorySpending,
  SharedSpending,
  type SpendingCounts,
} from '../outbound/judges/spending.ts';
import { SpentNotices } from '../outbound/judges/spent-notices.ts';
import { type SecretEntry, Secrets } from '../outbound/secrets.ts';
import { parseRequestUrl } from '../protocol/request-url.ts';
import { readText } from './read-input.ts';
import { readCas } from './targets-file.ts';
import { version } from './version.ts';

/** Makes the runner, when the process has a place for the judges' tools. */
export type JudgesOpener = (
  parts?: Pick<
    JudgeHooksOptions,
    'runScript' | 'projectOf' | 'most' | 'onRest' | 'onSpent' | 'onCanary' | 'onAsked'
  >,
  /** What all processes share; undefined: each process has its own. */
  shared?: SharedParts,
) => JudgeRunner;

interface SharedParts {
  /** What tenants have spent. */
  readonly counts: SpendingCounts;
  readonly cache: VerdictCache;
  readonly places: SharedPlaces;
}

/** @returns and @throws as openJudges(), which asks first whether there is a file. */
export async function openConfigured(): Promise<JudgesOpener | undefined> {
  const opened = await readJudges();
  if (opened === undefined) return undefined;
  const { judges, settings } = opened;
  const limits = settings.limits?.perTenant;
  return (parts = {}, shared) => {
    const spendingFor = (most: SpendingLimits) =>
      shared === undefined ? new MemorySpending(most) : new SharedSpending(most, shared.counts);
    const onSpent = parts.onSpent && new SpentNotices(parts.onSpent).spent;
    const hooks = new JudgeHooks({
      ...{ ...parts, onSpent, judges, version: version() },
      cache: shared?.cache ?? new MemoryCache(),
      places: shared?.places,
      spending: limits && spendingFor(limits),
    });
    return (job, signal, call) => hooks.run(job, signal, call);
  };
}

/** The judges with their keys. @returns and @throws as openJudges(). */
export async function readJudges(): Promise<
  { readonly judges: Judges; readonly settings: JudgesSettings } | undefined
> {
  const config = readTargetsConfig();
  const settings = await readJudgesSettings(config);
  if (settings === undefined) return undefined;
  const keys = await readKeys(settings, config);
  const judges = new Judges(settings.judges, { keys, cas: await readCas(settings.judges) });
  return { judges, settings };
}

/** @returns and @throws as namedJudges(), which asks first whether there is a file. */
export async function readNamed(): Promise<Judges | undefined> {
  const settings = await readJudgesSettings(readTargetsConfig());
  return settings && new Judges(settings.judges);
}

/** The file without its keys; undefined where none is configured. @throws as openJudges(). */
export async function readJudgesSettings({
  judgesFile,
}: TargetsConfig): Promise<JudgesSettings | undefined> {
  if (judgesFile === undefined) return undefined;
  return parseSettings(judgesFile, await readText(judgesFile), judgesSettingsSchema);
}

async function readKeys(
  { judges }: JudgesSettings,
  { variable }: TargetsConfig,
): Promise<ReadonlyMap<string, string>> {
  const entries = Object.entries(judges).flatMap(([name, { keyFile, keyEnv, baseUrl }]) => {
    if (keyFile === undefined && keyEnv === undefined) return [];
    const { host } = parseRequestUrl(baseUrl);
    const entry: SecretEntry = { keyFile, keyEnv, tenants: ['*'], hosts: [host] };
    return [{ name, host, entry }];
  });
  const secrets = await Secrets.load(
    Object.fromEntries(entries.map(({ name, entry }) => [name, entry])),
    { variable, readFile: (file) => readFile(file, 'utf8') },
  );
  return new Map(entries.map(({ name, host }) => [name, secrets.valueFor(name, '*', host)]));
}
