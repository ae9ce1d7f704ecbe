/**
 * The bridge commands that an agent's hook line names: one process per hook, which sends a request
 * to the server.
 */
import path from 'node:path';
import { outputOf, runChild } from './child.ts';
import { main } from './cluster.ts';
import type { Contender } from './contender.ts';

const shellBridge = path.join(import.meta.dirname, '../../deploy/bridge/hookpool-hook.sh');

export function openNodeBridge(url: string): Contender {
  return {
    name: 'bridge (node)',
    call: ({ hookset }, context) => {
      const args = [main, 'hook', '--dialect', 'azure', '--hookset', hookset, '--server', url];
      return runChild(process.execPath, args, context);
    },
  };
}

export async function openShellBridge(url: string): Promise<Contender> {
  await outputOf('curl', '--version');
  const env = { ...process.env, HOOKPOOL_SERVER: url };
  return {
    name: 'bridge (sh)',
    call: ({ hookset }, context) =>
      runChild('/bin/sh', [shellBridge, 'azure', hookset], context, { env }),
  };
}
