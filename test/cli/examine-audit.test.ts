import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Io, parseArguments } from '../../src/cli/command.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { openAuditFile } from '../../src/server/audit-log.ts';
import type { AuditRecord } from '../../src/server/audit-record.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-examine-'));
const file = path.join(folder, 'audit.jsonl');
let lines: string[] = [];

beforeAll(async () => {
  const log = openAuditFile(file);
  for (const id of ['a', 'b', 'c']) await log.write({ id } as AuditRecord);
  await log.close();
  lines = readFileSync(file, 'utf8').split('\n').slice(0, 3);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function doctor(args: readonly string[], stdin: readonly string[] = []) {
  const said: string[] = [];
  async function* bytes() {
    for (const line of stdin) yield Buffer.from(`${line}\n`);
  }
  const io = { out: (text: string) => said.push(text), stdin: bytes, terminal: false };
  const code = await doctorCommand.run(
    parseArguments(doctorCommand, ['--audit', ...args]),
    io as unknown as Io,
  );
  return { code, said: said.join('') };
}

test('doctor --audit says how many lines fit, with the SHA-256 of the last one', async () => {
  const { code, said } = await doctor([file]);
  expect(code).toBe(0);
  expect(said).toMatch(/^ok +chain +3 of 3 lines, seq 1 to 3\. SHA-256 of the last one: \w{64}\n$/);
});

test('doctor --audit fails where a line was removed, and names the next one', async () => {
  const { code, said } = await doctor(['-', '--json'], [lines[0], lines[2]].map(String));
  expect(code).toBe(75);
  expect(JSON.parse(said)).toMatchObject([
    { name: 'chain', level: 'fail' },
    { name: 'line 2', level: 'fail', text: expect.stringContaining('SHA-256 of the line before') },
  ]);
});

test('doctor --audit warns where a rotated file is missing, and not where it is given', async () => {
  const { code, said } = await doctor(['-'], lines.slice(1));
  expect(code).toBe(0);
  expect(said).toMatch(/^warn +line 1 .*cat OLD NEW \| hookpool doctor --audit -/m);
  expect((await doctor(['-'], lines)).said).not.toContain('warn');
});

test.each([
  ['an empty file', ''],
  ['a file of another kind', 'no record\n'],
])('doctor --audit finds no chain in %s', async (_, text) => {
  const other = path.join(folder, 'other');
  writeFileSync(other, text);
  expect((await doctor([other])).said).toMatch(/^warn +chain +No line has a seq\.$/m);
});

test('doctor --audit refuses a file that cannot be read', async () => {
  await expect(doctor([path.join(folder, 'none')])).rejects.toMatchObject({
    code: 'INVALID_USAGE',
    message: expect.stringMatching(/^--audit: cannot read .*ENOENT/),
  });
});
