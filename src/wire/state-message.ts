/** The state of a hook in the messages of its job and of its result. */
import { z } from 'zod';
import { type LeftState, packProblem, stateLimits, stateRefusals } from '../protocol/state.ts';
import { invalidJob } from './text.ts';

/** What a hook left in /tmp: entries as struct state_entry of wire.h describes them. */
export const packSchema = z.base64().max(Math.ceil(stateLimits.bytes / 3) * 4);

export const leftStateSchema = z.strictObject({
  /** Absent: it is not kept. */
  packBase64: packSchema.optional(),
  refusal: z.enum(stateRefusals).optional(),
  /** Number of links, FIFOs, sockets and unreadable files that are not in the pack. */
  leftOut: z.number().int().nonnegative(),
});

export type LeftStateMessage = z.infer<typeof leftStateSchema>;

export function encodePack(pack: Uint8Array): string {
  return Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength).toString('base64');
}

/** @throws InvalidInputError `INVALID_JOB` for a pack that cannot be written. */
export function decodePack(base64: string): Uint8Array {
  const pack = Buffer.from(base64, 'base64');
  const problem = packProblem(pack);
  if (problem !== undefined) throw invalidJob(`stateBase64: the state ${problem}`);
  return pack;
}

export function toLeftStateMessage({ pack, refusal, leftOut }: LeftState): LeftStateMessage {
  return {
    ...(pack === undefined ? {} : { packBase64: encodePack(pack) }),
    ...(refusal === undefined ? {} : { refusal }),
    leftOut,
  };
}

/** A pack that cannot be written counts as unreadable. */
export function readLeftState({ packBase64, refusal, leftOut }: LeftStateMessage): LeftState {
  const pack = packBase64 === undefined ? undefined : Buffer.from(packBase64, 'base64');
  if (pack === undefined) return { pack, refusal, leftOut };
  if (packProblem(pack) === undefined) return { pack, leftOut };
  return { pack: undefined, refusal: 'unreadable', leftOut };
}
