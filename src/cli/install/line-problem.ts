/** Whether a line of the bridge can still start. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../errors.ts';
import { readShell, wordsAndInputs } from '../../protocol/shell-text.ts';
import { type HookOptions, readOptions } from '../hook/options.ts';
import { isFile } from '../package-folder.ts';

export interface ReadLine {
  /** What is wrong with it, and how to mend it. */
  readonly problem?: string;
  readonly warning?: string;
  /** Of the bridge in sh there is only the hook set, and the server of the environment. */
  readonly options?: Pick<HookOptions, 'dialect' | 'server' | 'hookset' | 'local' | 'tokenFile'>;
}

const again = 'run hookpool install again.';

/** @param server the one that the line uses where it names none. */
export function readLine(command: string, server: string): ReadLine {
  const [first] = readShell(command).commands;
  const words = first === undefined ? [] : wordsAndInputs(first);
  const set = words.filter((word) => /^HOOKPOOL_SERVER=/.test(word)).at(-1);
  const [program = '', ...given] = words.filter((word) => !/^\w+=/.test(word) && word !== 'exec');
  if (!path.isAbsolute(program))
    return { warning: `it starts ${program} by the PATH of the agent: ${again}` };
  if (!isExecutable(program)) return { problem: `${program} cannot be started: ${again}` };
  if (program.endsWith('.sh')) {
    const named = set?.slice('HOOKPOOL_SERVER='.length) ?? server;
    const [dialect = '', hookset] = given;
    return { options: { dialect, server: named, hookset, local: [], tokenFile: undefined } };
  }
  const at = given.indexOf('hook');
  const [main] = given;
  if (at === 1 && main !== undefined && !isFile(main))
    return { problem: `${main} is not there: ${again}` };
  try {
    const options = readOptions(given.slice(at === 1 ? 2 : 0), { server, token: undefined });
    return options === 'help' ? { problem: `it only prints help: ${again}` } : filesOf(options);
  } catch (error) {
    return { problem: `${messageOf(error)} ${again}` };
  }
}

function filesOf(options: HookOptions): ReadLine {
  const files = [...options.local, ...(options.tokenFile === undefined ? [] : [options.tokenFile])];
  const missing = files.find((file) => !isFile(file));
  return missing === undefined ? { options } : { problem: `${missing} is not there.`, options };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return isFile(file);
  } catch {
    return false;
  }
}
