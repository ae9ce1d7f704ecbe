/** Reads the operator's targets file, and makes what sends requests to its targets. */
import { readFile } from 'node:fs/promises';
import { readTargetsConfig, type TargetsConfig } from '../config.ts';
import type { HttpRunner } from '../dispatch/runner.ts';
import { InvalidInputError } from '../errors.ts';
import { parseSettings } from '../files/settings-file.ts';
import type { Most } from '../outbound/at-once.ts';
import { HttpHooks } from '../outbound/http-hook.ts';
import { Secrets } from '../outbound/secrets.ts';
import { type OutboundSettings, outboundSettingsSchema } from '../outbound/settings.ts';
import { Targets } from '../outbound/targets.ts';
import { readText } from './read-input.ts';
import { version } from './version.ts';

/** What the operator's targets file gives. */
export interface Outbound {
  readonly targets: Targets;
  readonly secrets: Secrets;
}

/** @returns and @throws as openHttpHooks(), which asks first whether there is a file. */
export async function openConfigured(most?: Most): Promise<HttpRunner | undefined> {
  const outbound = await readOutbound();
  return outbound && runnerOf(outbound, most);
}

/**
 * Reads the targets file with its keys and authorities; undefined where none is configured.
 * @throws InvalidInputError `INVALID_CONFIG` with every problem of the file.
 */
export async function readOutbound(): Promise<Outbound | undefined> {
  const config = readTargetsConfig();
  const settings = await readTargetsSettings(config);
  if (settings === undefined) return undefined;
  const { variable } = config;
  const secrets = await Secrets.load(settings.secrets, {
    variable,
    readFile: (file) => readFile(file, 'utf8'),
  });
  return { targets: new Targets(settings.targets, await readCas(settings.targets)), secrets };
}

/** The file without its keys; undefined where none is configured. @throws as readOutbound(). */
export async function readTargetsSettings({
  targetsFile,
}: TargetsConfig): Promise<OutboundSettings | undefined> {
  if (targetsFile === undefined) return undefined;
  return parseSettings(targetsFile, await readText(targetsFile), outboundSettingsSchema);
}

function runnerOf(options: Outbound, most: Most | undefined): HttpRunner {
  const hooks = new HttpHooks({ ...options, most, version: version() });
  return (job, signal, call) => hooks.run(job, signal, call);
}

/** The contents of the `caFile`s of targets or judges, by their names. */
export async function readCas(
  entries: Readonly<Record<string, { readonly caFile?: string | undefined }>>,
): Promise<ReadonlyMap<string, string>> {
  const cas = new Map<string, string>();
  for (const { caFile } of Object.values(entries)) {
    if (caFile === undefined || cas.has(caFile)) continue;
    try {
      cas.set(caFile, await readFile(caFile, 'utf8'));
    } catch (error) {
      const text = `caFile ${caFile} is no file that this process may read.`;
      throw new InvalidInputError('INVALID_CONFIG', text, { cause: error });
    }
  }
  return cas;
}
