/**
 * `hookpool exec`: what it passes on. One of each kind of end is asked of the built command; needs `npm
 * run build`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hookpool } from '../support/cli.ts';
import { hookpoolHere } from '../support/cli-here.ts';

let folder = '';
const file = (name: string, content: string) => {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-exec-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('hookpool exec', () => {
  test.each([
    ['cat; echo err >&2; exit 7', 7, 'input', 'err\n'],
    ['kill -TERM $$', 143, '', 'hookpool: ended by SIGTERM\n'],
    ['yes', 125, null, 'hookpool: only 1048576 of '],
  ])('passes on output and exit code of: %s', async (script, code, stdout, stderr) => {
    const result = await hookpool(['exec', file('script', script), '--stdin', '-'], 'input');
    expect(result.code).toBe(code);
    if (stdout !== null) expect(result.stdout).toBe(stdout);
    expect(result.stderr).toContain(stderr);
  });

  test('exits with 124 after the timeout', async () => {
    const { code, stderr } = await hookpool([
      'exec',
      '--timeout',
      '0.3',
      file('script', 'sleep 60'),
    ]);
    expect({ code, stderr }).toEqual({ code: 124, stderr: 'hookpool: timed out\n' });
  });

  test('exits with 137 when memory ran out', async () => {
    const { code } = await hookpoolHere([
      'exec',
      '--runtime',
      'python3',
      file('script', "x = [bytearray(b'x' * (8 << 20)) for _ in range(200)]"),
    ]);
    expect(code).toBe(137);
  });

  test('takes the runtime from the first line', async () => {
    const { stdout } = await hookpoolHere([
      'exec',
      file('script', '#!/usr/bin/env python3\nprint(1 + 1)'),
      '--isolation',
      'job',
    ]);
    expect(stdout).toBe('2\n');
  });

  test.each([
    [['exec']],
    [['exec', 'a', 'b']],
    [['exec', '--runtime', 'ruby', 'x']],
    [['exec', '--timeout', '0', 'x']],
  ])('exits with 64 for %j', async (args) => {
    expect((await hookpoolHere(args)).code).toBe(64);
  });
});
