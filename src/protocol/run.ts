/** The request to a sandbox, and the facts that it returns. The code here makes no decision. */
import type { Bundle } from './bundle.ts';
import type { SandboxKind } from './sandbox-kind.ts';
import type { LeftState } from './state.ts';

export const runtimes = ['bash', 'python3', 'node'] as const;
export type Runtime = (typeof runtimes)[number];

/**
 * `tenant`: a container serves one tenant, reset between jobs. `job`: a fresh container per job.
 */
export const isolations = ['tenant', 'job'] as const;
export type Isolation = (typeof isolations)[number];

/**
 * How a run ended, as reported by the side that ended it.
 * - `exited`: the main process returned an exit code.
 * - `signaled`: a signal that hookpool did not send killed it.
 * - `timed-out`, `output-limit`, `cancelled`: hookpool ended it.
 * - `out-of-memory`: the kernel killed at least one of its processes for memory.
 * - `lost`: the sandbox disappeared or sent invalid data; nothing is known about the script.
 */
export const runStatuses = [
  'exited',
  'signaled',
  'timed-out',
  'out-of-memory',
  'output-limit',
  'cancelled',
  'lost',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/**
 * Limits of one run. Caps are the bytes of output that are kept; further bytes are counted and
 * dropped.
 */
export interface RunLimits {
  readonly timeoutMs: number;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
}

export const defaultRunLimits: RunLimits = {
  timeoutMs: 30_000,
  stdoutBytes: 1 << 20,
  stderrBytes: 64 << 10,
};

/** One script with its input. All texts are UTF-8 bytes, passed on untouched. */
export interface RunRequest {
  readonly runtime: Runtime;
  readonly script: Uint8Array;
  /** The script's stdin. */
  readonly stdin: Uint8Array;
  /** Readable by the script at `transcriptPath`, absent when undefined. */
  readonly transcript?: Uint8Array | undefined;
  /** A copy for this run at `projectPath`, which is empty when undefined. */
  readonly bundle?: Bundle | undefined;
  /**
   * What an earlier run left in /tmp, empty at the first; the result then has what this one left.
   * Undefined: nothing is kept.
   */
  readonly state?: Uint8Array | undefined;
  readonly limits: RunLimits;
}

/** The path of a transcript inside the sandbox. */
export const transcriptPath = '/job/transcript.txt';

/** The largest context and transcript that one run takes, in bytes. */
export const maxContextBytes = 8 << 20;
export const maxTranscriptBytes = 8 << 20;

export interface RunResult {
  readonly status: RunStatus;
  /** null when the main process did not exit by itself. Never defaulted to 0. */
  readonly exitCode: number | null;
  /** Signal name such as `SIGKILL`, null when there was none. */
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Bytes written, kept or not. If there are more than were kept, the text above is truncated. */
  readonly stdoutTotalBytes: number;
  readonly stderrTotalBytes: number;
  readonly oomKills: number;
  /** Time from the opening of the interpreter's gate to the end of the main process. */
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Of a run that was given a state and exited. */
  readonly state?: LeftState | undefined;
}

/** Where a script ran, for operators who look for its traces. */
export interface Place {
  /** The profile of its sandbox; absent in results of workers that do not tell it. */
  readonly profile?: string;
  /** The first 12 digits of the container's id, as the engine's tools show it. */
  readonly container: string;
  /** The worker's name; absent where there is no queue. */
  readonly worker?: string;
}

/** One script for one tenant, without a hook. */
export interface ScriptRun {
  readonly tenant: string;
  readonly isolation: Isolation;
  /** Undefined: the default profile without a workspace. */
  readonly kind?: SandboxKind | undefined;
  /**
   * The folder in which the agent works: the script starts in it, in a sandbox that can read its
   * project. It is only looked up among the folders that the operator allows; where it is none of
   * them the script does not run (`WORKSPACE_FAILED`). Undefined: the script reads no project.
   */
  readonly cwd?: string | undefined;
  readonly request: RunRequest;
}

export interface ScriptFacts {
  readonly run: RunResult;
  /** Milliseconds until a sandbox was available. */
  readonly leaseMs: number;
  readonly ranIn: Place;
}

/** Runs one script; rejects when no sandbox could run it. */
export type ScriptRunner = (script: ScriptRun, signal: AbortSignal) => Promise<ScriptFacts>;

const nothing = new Uint8Array(0);

/** The facts of a run of which only the status is known. */
export function emptyRun(status: RunStatus, wallMs = 0): RunResult {
  return {
    status,
    exitCode: null,
    signal: null,
    stdout: nothing,
    stderr: nothing,
    stdoutTotalBytes: 0,
    stderrTotalBytes: 0,
    oomKills: 0,
    wallMs,
    cpuMs: 0,
  };
}

export function stdoutTruncated(run: RunResult): boolean {
  return run.stdoutTotalBytes > run.stdout.length;
}

export function stderrTruncated(run: RunResult): boolean {
  return run.stderrTotalBytes > run.stderr.length;
}
