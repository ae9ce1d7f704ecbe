/** The command of an agent's hook that calls the bridge, by absolute paths. */
import path from 'node:path';
import { InvalidInputError } from '../../errors.ts';
import { parseUrl } from '../../parse-url.ts';
import { shellQuoted } from '../../protocol/shell-quote.ts';
import type { Arguments } from '../command.ts';
import { isFile, mainFile, nativeBridge, packageFolder, shellBridge } from '../package-folder.ts';

const bridgeKinds = ['native', 'node', 'sh'] as const;
type BridgeKind = (typeof bridgeKinds)[number];

/** What the command says beside the dialect and the event. */
export interface BridgeSettings {
  readonly kind: BridgeKind;
  readonly hookset: string;
  /** A file that runs without a server, by its absolute path; it replaces the hook set. */
  readonly local: string | undefined;
  readonly server: string | undefined;
  readonly tokenFile: string | undefined;
}

export const bridgeOptions = {
  hookset: { type: 'string' },
  local: { type: 'string' },
  server: { type: 'string' },
  'token-file': { type: 'string' },
  bridge: { type: 'string' },
} as const;

/** The name that docs/bridge.md and `hookpool init` use. */
export const defaultHookset = 'guard';

/** @throws InvalidInputError `INVALID_USAGE` */
export function readBridgeSettings(args: Arguments): BridgeSettings {
  const [hookset, local, server] = [args.text('hookset'), args.text('local'), args.text('server')];
  if (local !== undefined && (hookset !== undefined || server !== undefined))
    throw wrong('--local runs a file without a server: --hookset and --server have no meaning.');
  if (local !== undefined && !isFile(local))
    throw wrong(`--local ${local}: there is no such file.`);
  if (server !== undefined) checkServer(server);
  const tokenFile = args.text('token-file');
  return {
    kind: kindOf(args.oneOf('bridge', bridgeKinds), local, tokenFile),
    hookset: hookset ?? defaultHookset,
    local: absolute(local),
    server,
    tokenFile: absolute(tokenFile),
  };
}

function kindOf(
  named: BridgeKind | undefined,
  local: string | undefined,
  tokenFile: string | undefined,
): BridgeKind {
  const kind = named ?? (local === undefined && nativeBridge() !== undefined ? 'native' : 'node');
  if (local !== undefined && kind !== 'node')
    throw wrong('--local needs --bridge node: the others always ask a server.');
  if (tokenFile !== undefined && kind === 'sh')
    throw wrong('--bridge sh reads the token from HOOKPOOL_TOKEN only: leave --token-file out.');
  if (kind === 'native' && nativeBridge() === undefined)
    throw wrong(`The native bridge is not built in ${packageFolder}: choose --bridge node or sh.`);
  return kind;
}

/** A password would be written into the agent's file. */
function checkServer(server: string): void {
  const url = parseUrl(server);
  if (url === undefined || !['http:', 'https:', 'unix:'].includes(url.protocol))
    throw wrong('--server must be http://…, https://… or unix:///SOCKET.');
  if (url.username !== '' || url.password !== '')
    throw wrong('--server has a user or a password: give a token in HOOKPOOL_TOKEN instead.');
}

function absolute(file: string | undefined): string | undefined {
  return file === undefined ? undefined : path.resolve(file);
}

/** @param event given where the agent's context does not name it. */
export function bridgeCommand(
  settings: BridgeSettings,
  dialect: string,
  event: string | undefined,
): string {
  const { kind, hookset, local, server, tokenFile } = settings;
  if (kind === 'sh') {
    const variables = { HOOKPOOL_SERVER: server, HOOKPOOL_EVENT: event };
    const set = Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${shellQuoted(value)}`],
    );
    return [...set, shellQuoted(shellBridge), dialect, shellQuoted(hookset)].join(' ');
  }
  const program = kind === 'native' ? [nativeBridge()] : [process.execPath, mainFile, 'hook'];
  const source = local === undefined ? ['--hookset', hookset] : ['--local', local];
  const named = { '--event': event, '--server': server, '--token-file': tokenFile };
  const more = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  );
  return [...program, '--dialect', dialect, ...source, ...more]
    .map(String)
    .map(shellQuoted)
    .join(' ');
}

function wrong(text: string): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', text);
}
