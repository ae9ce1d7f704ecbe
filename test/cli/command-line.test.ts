/** A whole call of hookpool, from its arguments to its exit code. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { streamIo } from '../../src/cli/stream-io.ts';
import { hookpoolHere } from '../support/cli-here.ts';

describe('the exit code', () => {
  test.each([
    [['--help'], 0, /^hookpool runs the command hooks/, ''],
    [[], 64, /^hookpool runs the command hooks/, ''],
    [['exec', '--help'], 0, /^hookpool exec/, ''],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, ''],
    [['constructor'], 64, /^$/, 'hookpool: There is no command "constructor". Try hookpool --help'],
    [['run', '--frob'], 64, /^$/, "hookpool: Unknown option '--frob'"],
  ] as const)('of %j is %i', async (args, code, stdout, stderr) => {
    const call = await hookpoolHere(args);
    expect(call.code).toBe(code);
    expect(call.stdout).toMatch(stdout);
    expect(call.stderr).toContain(stderr);
  });

  test('is 75 where the engine is away', async () => {
    const script = path.join(import.meta.dirname, '../support/plain-interpreter.py');
    const env = { DOCKER_HOST: 'unix:///nonexistent.sock' };
    const { code, stderr } = await hookpoolHere(['exec', script], '', env);
    expect(code).toBe(75);
    expect(stderr).toMatch(/^hookpool: No container engine answers .* \(ENGINE_DOWN\)\n$/);
  });
});

test('the environment of a call is its own', async () => {
  const hooks = path.join(import.meta.dirname, '../fixtures/agent-files/crush.json');
  const env = { HOOKPOOL_ISOLATION: 'none' };
  const wrong = await hookpoolHere(['run', '--hooks', hooks], '{}', env);
  expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('HOOKPOOL_ISOLATION')]);
  expect(process.env['HOOKPOOL_ISOLATION']).toBeUndefined();
});

test('stdin of a call is its input', async () => {
  const hooks = path.join(import.meta.dirname, '../fixtures/agent-files/crush.json');
  const input = 'x'.repeat(9 << 20);
  const args = ['exec', hooks, '--stdin', '-'];
  expect((await hookpoolHere(args, input)).stderr).toContain(`stdin has ${9 << 20} bytes`);
});

describe('what a command writes', () => {
  const hostile = 'a\u001b]0;owned\u0007\u0001b\n';
  const writtenBy = (isTTY: boolean | undefined) => {
    const written: string[] = [];
    const write = (data: string | Uint8Array) => void written.push(Buffer.from(data).toString());
    const stream = { isTTY, columns: isTTY === true ? 80 : undefined, write };
    const io = streamIo({ stdin: (async function* () {})(), stdout: stream, stderr: stream });
    io.out(hostile);
    io.outBytes(Buffer.from(hostile));
    return { written, terminal: io.terminal, columns: io.columns };
  };

  test('to a terminal has no control sequence, and a script no bytes of its own', () => {
    const { written, terminal, columns } = writtenBy(true);
    for (const control of ['\u0001', '\u0007', '\u001b'])
      expect(written.join('')).not.toContain(control);
    expect([terminal, columns]).toEqual([true, 80]);
  });

  test('to a program has the bytes of a script unchanged', () => {
    const { written, terminal, columns } = writtenBy(undefined);
    expect(written[0]).not.toContain('\u001b');
    expect(written[1]).toBe(hostile);
    expect([terminal, columns]).toEqual([false, 160]);
  });
});
