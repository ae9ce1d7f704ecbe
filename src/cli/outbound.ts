/** The http hooks of a process, where the operator has configured targets. */
import { readTargetsConfig } from '../config.ts';
import type { HttpRunner } from '../dispatch/runner.ts';
import { InvalidInputError } from '../errors.ts';
import type { Most } from '../outbound/at-once.ts';

/**
 * What makes requests is loaded only where there are targets: 16 modules, and every call of `run` and
 * `hook --local` comes here.
 * @param most the most hooks at once, where the process runs fewer than HttpHooks would.
 * @returns undefined where none is configured: http hooks count as their failMode.
 */
export async function openHttpHooks(most?: Most): Promise<HttpRunner | undefined> {
  if (readTargetsConfig().targetsFile === undefined) return undefined;
  const { openConfigured } = await import('./targets-file.ts');
  return openConfigured(most);
}

/**
 * For a process that hands hooks to a queue, or runs the scripts of others: it must hold no secrets,
 * and a file that it left unread would be a guard that never runs.
 * @throws InvalidInputError `INVALID_CONFIG` where a targets or judges file is configured.
 */
export function refuseOutboundFiles(): void {
  const { targetsFile, judgesFile } = readTargetsConfig();
  const refused = (variable: string, does: string) =>
    new InvalidInputError(
      'INVALID_CONFIG',
      `${variable}: with a queue, outbound workers ${does}. Set it for \`hookpool worker --outbound\` and not here: this process must hold no secrets.`,
    );
  if (targetsFile !== undefined)
    throw refused('HOOKPOOL_TARGETS_FILE', 'make the requests of http hooks');
  if (judgesFile !== undefined)
    throw refused('HOOKPOOL_JUDGES_FILE', 'ask the judges of prompt and agent hooks');
}
