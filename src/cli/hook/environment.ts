/**
 * Reads the environment for the bridge. config.ts is not loaded: its checks cost more time than all
 * of the bridge.
 */
import { homedir } from 'node:os';
import type { TranscriptOwner } from './transcript.ts';

export interface AgentTrace {
  readonly parent: string;
  readonly state: string | undefined;
}

export interface HookEnvironment {
  readonly server: string | undefined;
  readonly token: string | undefined;
  /** The trace of the agent's turn, where the agent tells its processes; not checked. */
  readonly trace?: AgentTrace | undefined;
}

export function readHookEnvironment(env: NodeJS.ProcessEnv = process.env): HookEnvironment {
  const { TRACEPARENT: parent, TRACESTATE: state } = env;
  return {
    server: env['HOOKPOOL_SERVER'],
    token: env['HOOKPOOL_TOKEN'],
    ...(parent === undefined ? {} : { trace: { parent, state } }),
  };
}

/** The user of this process, whose agent keeps the transcripts. */
export function thisUser(env: NodeJS.ProcessEnv = process.env): TranscriptOwner {
  return { home: homedir(), env, uid: process.geteuid?.() };
}
