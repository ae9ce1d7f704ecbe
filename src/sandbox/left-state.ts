/**
 * Reads STATE, in which a supervisor sends what a hook left in /tmp. It is treated as hostile: a
 * pack that could not be written again is a `BAD_FRAME`.
 */
import type { RunStatus } from '../protocol/run.ts';
import { type LeftState, packProblem, stateLimits, stateRefusals } from '../protocol/state.ts';
import { badFrame } from './bad-frame.ts';

/** `struct state_header`: outcome and left_out, of 32 bits. */
const header = { outcome: 0, leftOut: 4, bytes: 8 } as const;
/** STATE_PACKED; the outcomes behind it are those of stateRefusals. */
const packed = 0;

export const maxStateFrameBytes = header.bytes + stateLimits.bytes;

/**
 * The state that a run left, if its job has one and it exited.
 * @param payload that of the STATE before its DONE; undefined: there was none.
 * @throws SandboxError `BAD_FRAME` where STATE is missing, or is there and should not be, or cannot
 * be read.
 */
export function leftState(
  hasState: boolean,
  status: RunStatus,
  payload: Buffer | undefined,
): LeftState | undefined {
  if ((hasState && status === 'exited') !== (payload !== undefined))
    throw badFrame('STATE does not fit the job');
  if (payload === undefined) return undefined;
  if (payload.length < header.bytes) throw badFrame('STATE is too short');
  const outcome = payload.readUInt32LE(header.outcome);
  const leftOut = payload.readUInt32LE(header.leftOut);
  const pack = payload.subarray(header.bytes);
  if (leftOut > stateLimits.entries) throw badFrame('STATE has a count that is out of range');
  if (outcome === packed) {
    const problem = packProblem(pack);
    if (problem !== undefined) throw badFrame(`the state ${problem}`);
    return { pack, leftOut };
  }
  const refusal = stateRefusals[outcome - 1];
  if (refusal === undefined || pack.length > 0) throw badFrame('STATE has an unknown outcome');
  return { pack: undefined, refusal, leftOut };
}
