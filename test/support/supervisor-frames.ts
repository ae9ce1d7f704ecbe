/** The supervisor's half of the control channel, for tests that simulate the supervisor. */
export interface DoneFields {
  readonly status?: number;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly oomKills?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly stdoutTotal?: number;
  readonly stderrTotal?: number;
}

export function supervisorFrame(
  type: string,
  nonce: Uint8Array,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(21);
  header.writeUInt32LE(payload.length, 0);
  header.write(type, 4, 'latin1');
  header.set(nonce, 5);
  return Buffer.concat([header, payload]);
}

export function donePayload(fields: DoneFields = {}): Buffer {
  const stdout = Buffer.from(fields.stdout ?? '');
  const stderr = Buffer.from(fields.stderr ?? '');
  const head = Buffer.alloc(48);
  const numbers = [
    fields.status ?? 0,
    fields.exitCode ?? 0,
    fields.signal ?? 0,
    fields.oomKills ?? 0,
    1500,
    900,
  ];
  for (const [index, number] of numbers.entries()) head.writeUInt32LE(number, index * 4);
  head.writeBigUInt64LE(BigInt(fields.stdoutTotal ?? stdout.length), 24);
  head.writeBigUInt64LE(BigInt(fields.stderrTotal ?? stderr.length), 32);
  head.writeUInt32LE(stdout.length, 40);
  head.writeUInt32LE(stderr.length, 44);
  return Buffer.concat([head, stdout, stderr]);
}

/** What a run left, `struct state_header` and a pack. */
export function statePayload(fields: {
  readonly outcome?: number;
  readonly leftOut?: number;
  readonly pack?: Uint8Array;
}): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(fields.outcome ?? 0, 0);
  head.writeUInt32LE(fields.leftOut ?? 0, 4);
  return Buffer.concat([head, fields.pack ?? Buffer.alloc(0)]);
}

/** One frame of the multiplexed attach stream, as the engine sends it. */
export function multiplexed(stream: 1 | 2, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}
