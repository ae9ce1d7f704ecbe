/**
 * Reads the environment for the bridge. config.ts is not loaded: its checks cost more time than all
 * of the bridge.
 */

export interface HookEnvironment {
  readonly server: string | undefined;
  readonly token: string | undefined;
}

export function readHookEnvironment(env: NodeJS.ProcessEnv = process.env): HookEnvironment {
  return { server: env['HOOKPOOL_SERVER'], token: env['HOOKPOOL_TOKEN'] };
}
