import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { Arguments } from '../../src/cli/command.ts';
import { loaded } from '../support/loaded.ts';

const cli = path.join(import.meta.dirname, '../../src/cli');
const folder = mkdtempSync(path.join(tmpdir(), 'check-'));

test('--json tells of each problem and warning its file, line, column and message, and nothing more', async () => {
  try {
    const [bad, long] = ['bad.json', 'long.json'].map((name) => path.join(folder, name)) as [
      string,
      string,
    ];
    writeFileSync(bad, '{"hooks":{"Stop":[{"x":1,"script":"exit 0"}]}}');
    writeFileSync(long, '{"hooks":{"Stop":[{"script":"exit 0","timeout":1000000}]}}');
    const said: string[] = [];
    const io = { out: (text: string) => void said.push(text) } as Parameters<
      typeof checkCommand.run
    >[1];
    expect(
      await checkCommand.run(new Arguments({ json: true, static: true }, [bad, long]), io),
    ).toBe(64);
    const { problems, warnings } = JSON.parse(said.join(''));
    expect(problems).toEqual([
      { file: bad, line: 1, column: 20, message: expect.stringContaining('Unknown key "x"') },
    ]);
    expect(warnings).toEqual([
      { file: long, line: 1, column: 48, message: expect.stringContaining('timeout is') },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what needs no sandbox is checked without the Docker client', () => {
  const check = loaded(path.join(cli, 'check.ts'));
  expect([check.has('yaml'), check.has('dockerode')]).toEqual([true, false]);
  expect(loaded(path.join(cli, 'syntax-in-sandbox.ts')).has('dockerode')).toBe(true);
});
