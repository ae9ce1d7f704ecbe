/** What a sandbox is asked to run, and the facts that come back. No decision is made from here. */
import type { Bundle } from './bundle.ts';

export const runtimes = ['bash', 'python3'] as const;
export type Runtime = (typeof runtimes)[number];

/** `tenant`: a container serves one tenant, reset between jobs. `job`: a fresh container per job. */
export const isolations = ['tenant', 'job'] as const;
export type Isolation = (typeof isolations)[number];

/**
 * How a run ended, told by who ended it.
 * - `exited`: the main process returned an exit code.
 * - `signaled`: it died by a signal that was not ours.
 * - `timed-out`, `output-limit`, `cancelled`: we ended it.
 * - `out-of-memory`: the kernel killed at least one of its processes for memory.
 * - `lost`: the sandbox went away or lied; nothing is known about the script.
 */
export const runStatuses = ['exited', 'signaled', 'timed-out', 'out-of-memory', 'output-limit', 'cancelled', 'lost'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Bounds of one run. Caps are in bytes of output that is kept; more is counted and dropped. */
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
  /** What the script finds on stdin. */
  readonly stdin: Uint8Array;
  /** Readable by the script at `transcriptPath`, absent when undefined. */
  readonly transcript?: Uint8Array | undefined;
  /** Readable and executable at `projectPath`, which is empty when undefined. */
  readonly bundle?: Bundle | undefined;
  readonly limits: RunLimits;
}

/** Where a transcript lies inside the sandbox. */
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
  /** Bytes written, kept or not. More than was kept means that the text above is cut. */
  readonly stdoutTotalBytes: number;
  readonly stderrTotalBytes: number;
  readonly oomKills: number;
  /** From the opening of the gate to the end of the main process. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Where a script ran, for whoever looks for its traces. */
export interface Place {
  /** The first 12 digits of the container's id, as the engine's tools show it. */
  readonly container: string;
  /** The worker's name; absent where there is no queue. */
  readonly worker?: string;
}

/** One script for one tenant, without a hook. */
export interface ScriptRun {
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly request: RunRequest;
}

export interface ScriptFacts {
  readonly run: RunResult;
  /** Milliseconds until a sandbox was there. */
  readonly leaseMs: number;
  readonly ranIn: Place;
}

/** Runs one script; rejects when no sandbox could. */
export type ScriptRunner = (script: ScriptRun, signal: AbortSignal) => Promise<ScriptFacts>;

const nothing = new Uint8Array(0);

/** The facts of a run of which only its end is known. */
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
