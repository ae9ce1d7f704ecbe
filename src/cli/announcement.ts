/** What an outbound worker tells dispatchers: the names of its judges, and where its targets are. */
import { readTargetsConfig } from '../config.ts';
import { announced } from '../outbound/announced.ts';
import { mostAbout } from '../queue/heartbeat.ts';
import { toAbout } from '../wire/worker-about.ts';
import { readJudgesSettings } from './judges-file.ts';
import { readTargetsSettings } from './targets-file.ts';

/** @throws InvalidInputError `INVALID_CONFIG` with every problem of the operator's files. */
export async function announcement(): Promise<string> {
  const config = readTargetsConfig();
  const judges = await readJudgesSettings(config);
  const targets = await readTargetsSettings(config);
  return toAbout(announced(judges?.judges, targets?.targets), mostAbout);
}
