/**
 * A supervisor that a job has taken over, played by a program in a real container: it costs that
 * one container.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { RunRequest } from '../../src/protocol/run.ts';
import { defaultRunLimits } from '../../src/protocol/run.ts';
import type { ContainerSpec } from '../../src/sandbox/container-spec.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { imageName } from '../../src/sandbox/image.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { DestroyReason } from '../../src/sandbox/pool-events.ts';
import { runScript } from '../../src/sandbox/run-script.ts';
import { testPool } from '../support/pool.ts';

/** Greets as it must, then does `on_job` when the head of a job has come. */
const play = (onJob: string) => `
import os, struct, time
def take(count):
    data = b''
    while len(data) < count:
        more = os.read(0, count - len(data))
        if not more: os._exit(0)
        data += more
    return data
def head():
    length, kind = struct.unpack('<IB', take(5))
    return length, chr(kind), take(16)
def send(kind, nonce, payload=b''):
    data = struct.pack('<IB', len(payload), ord(kind)) + nonce + payload
    while data: data = data[os.write(1, data):]
def done(out=b'', total=None):
    return struct.pack('<6I2Q2I', 0, 0, 0, 0, 1, 1, len(out) if total is None else total, 0, len(out), 0) + out
def state(path):
    return struct.pack('<6I', 0, 0, 0o644, 0, len(path), 0) + path
length, kind, nonce = head()
send('R', nonce, b'version=3')
length, kind, nonce = head()
${onJob}
time.sleep(60)
`;

/**
 * The first container of the pool gets this in place of its supervisor; the others are as they
 * should be.
 */
class FirstIsHostile extends Engine {
  readonly #program: string;
  #made = 0;

  constructor(program: string) {
    super();
    this.#program = program;
  }

  override create(spec: ContainerSpec): Promise<string> {
    const hostile = {
      ...spec,
      Entrypoint: ['/usr/bin/python3', '-I', '-S', '-c', this.#program],
      Cmd: [],
    };
    return super.create(this.#made++ === 0 ? hostile : spec);
  }
}

let pool: Pool | undefined;
afterEach(() => pool?.drain());

describe('a supervisor that', () => {
  test.each([
    ['sends garbage', 'os.write(1, os.urandom(65536))'],
    ['claims a length of 4 GiB', "os.write(1, struct.pack('<IB', 0xffffffff, ord('D')) + nonce)"],
    ['claims output that it does not send', "send('D', nonce, done(b'{}', 99))"],
    ['answers with the nonce of another job', "send('D', os.urandom(16), done())"],
    [
      'answers before it knows the nonce, and again',
      "send('D', bytes(16), done()); send('D', nonce, done())",
    ],
    ['sends pongs for ever', "\nwhile True: send('P', nonce)"],
    [
      'floods the channel with one endless frame',
      "\nos.write(1, struct.pack('<IB', 1 << 20, ord('D')) + nonce)\nwhile True: os.write(1, bytes(65536))",
    ],
    ['floods its log', "\nwhile True: os.write(2, b'x' * 65536)"],
    ['stops reading', 'time.sleep(60)'],
    ['reads and says nothing', '\nwhile True: take(1)'],
    ['closes its output', 'os.close(1)'],
    ['says that it is ready in place of an answer', "send('R', nonce)"],
    ['sends a state that leads out', "send('S', nonce, state(b'../x')); send('D', nonce, done())"],
    ['sends a state in parts', "send('S', nonce, state(b'x')[:-1]); send('D', nonce, done())"],
    ['sends a state for ever', "\nwhile True: send('S', nonce, state(b'x'))"],
    [
      'sends a state of 1 GiB',
      "\nos.write(1, struct.pack('<IB', 1 << 30, ord('S')) + nonce)\nwhile True: os.write(1, bytes(65536))",
    ],
  ])('%s costs one container, little memory, and no other job', async (name, onJob) => {
    const destroyed: DestroyReason[] = [];
    const limits = { ...defaultRunLimits, timeoutMs: 1_500 };
    pool = testPool({
      image: readConfig().image ?? imageName(),
      engine: new FirstIsHostile(play(onJob)),
      warm: 0,
      max: 2,
      observe: (event) => void (event.type === 'destroyed' && destroyed.push(event.reason)),
    });
    // More than the pipes between host and container hold.
    const request: RunRequest = {
      runtime: 'bash',
      script: Buffer.from('echo fine'),
      stdin: Buffer.alloc(4 << 20, 'x'),
      state: name.includes('state') ? new Uint8Array(0) : undefined,
      limits,
    };
    const before = process.memoryUsage.rss();
    const run = { tenant: name, isolation: 'tenant', request } as const;
    const first = await runScript(pool, run, new AbortController().signal);
    const second = await runScript(pool, run, new AbortController().signal);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 << 20);
    // Silence is a timeout, and that is an answer; everything else is tried again on a sandbox that
    // works.
    if (first.run.status !== 'timed-out')
      expect(Buffer.from(first.run.stdout).toString()).toBe('fine\n');
    expect(Buffer.from(second.run.stdout).toString()).toBe('fine\n');
    expect(destroyed).toHaveLength(1);
  });
});
