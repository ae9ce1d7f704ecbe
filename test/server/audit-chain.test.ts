import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { examineChain } from '../../src/server/audit-chain.ts';
import { openAuditFile } from '../../src/server/audit-log.ts';
import { type AuditRecord, sha256 } from '../../src/server/audit-record.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-chain-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newFile = () => path.join(folder, `${++files}.jsonl`);
const record = (id: string, reason = 'an "é"') => ({ id, reason }) as AuditRecord;
const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');
const fieldsOf = (line: string) => {
  const { seq, prev } = JSON.parse(line) as { readonly seq?: number; readonly prev?: string };
  return { seq, prev };
};

/** Opens the file, writes records, and closes it, as a process does. */
async function written(file: string, ...records: readonly AuditRecord[]) {
  const log = openAuditFile(file);
  await Promise.all(records.map((one) => log.write(one)));
  await log.close();
  return linesOf(file);
}

/** What does not fit in these lines, each problem with the line where it is first found. */
async function problemsIn(lines: readonly string[]) {
  const { problems } = await examineChain(piecesOf(`${lines.join('\n')}\n`));
  return Object.fromEntries([...problems].map(([kind, { line }]) => [kind, line]));
}

async function* piecesOf(text: string, bytes = 100) {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes);
}

describe('the chain', () => {
  test('counts the lines, and each has the SHA-256 of the one before it', async () => {
    const lines = await written(newFile(), record('a'), record('b'), record('c'));
    expect(lines.map(fieldsOf)).toEqual([
      { seq: 1, prev: undefined },
      { seq: 2, prev: sha256(lines[0] ?? '') },
      { seq: 3, prev: sha256(lines[1] ?? '') },
    ]);
  });

  test('goes on after a restart, whatever the length of the last line', async () => {
    const file = newFile();
    await written(file, record('a', 'x'.repeat(300_000)));
    await written(file, record('b', '\u2028'.repeat(200_000)));
    const lines = await written(file, record('c'));
    expect(lines.map((line) => fieldsOf(line).seq)).toEqual([1, 2, 3]);
    expect(await problemsIn(lines)).toEqual({});
  });

  test('goes on in the new file after a rename, and after a truncation', async () => {
    const file = newFile();
    const log = openAuditFile(file);
    await log.write(record('a'));
    renameSync(file, `${file}.1`);
    log.reopen();
    await log.write(record('b'));
    const whole = [...linesOf(`${file}.1`), ...linesOf(file)];
    truncateSync(file);
    await log.write(record('c'));
    await log.close();
    whole.push(...linesOf(file));
    expect(whole.map((line) => fieldsOf(line).seq)).toEqual([1, 2, 3]);
    expect(await problemsIn(whole)).toEqual({});
    expect(await problemsIn(linesOf(file))).toEqual({ continues: 1 });
  });

  test('leaves out a line that a crash cut off, also one without its line break only', async () => {
    const file = newFile();
    const lines = await written(file, record('a'), record('b'));
    for (const cut of [lines[1]?.slice(0, 20), lines[1]]) {
      writeFileSync(file, `${lines[0]}\n${cut}`);
      const after = await written(file, record('c'));
      expect(fieldsOf(after[2] ?? '')).toEqual({ seq: 2, prev: sha256(lines[0] ?? '') });
      expect(await problemsIn(after)).toEqual({ cut: 2 });
    }
  });

  test('skips the numbers of records that were lost', async () => {
    const file = newFile();
    const log = openAuditFile(file);
    await log.write(record('a'));
    await expect(log.write(record('b', 'x'.repeat(9 << 20)))).rejects.toThrow('not written');
    await log.write(record('c'));
    await log.close();
    const lines = linesOf(file);
    expect(lines.map((line) => fieldsOf(line).seq)).toEqual([1, 3]);
    expect(await problemsIn(lines)).toEqual({ lost: 2 });
  });

  test('begins behind the lines of an earlier version', async () => {
    const file = newFile();
    appendFileSync(file, '{"v":1,"id":"old"}\n');
    const lines = await written(file, record('a'), record('b'));
    expect(lines.slice(1).map((line) => fieldsOf(line).seq)).toEqual([1, 2]);
    expect(await problemsIn(lines)).toEqual({ cut: 1 });
  });

  test('is not continued from a text that only looks like the fields', async () => {
    const file = newFile();
    const lines = await written(file, record('a', `,"seq":7,"prev":"${'0'.repeat(64)}"}`));
    expect(lines.map(fieldsOf)).toEqual([{ seq: 1, prev: undefined }]);
    const [, second] = await written(file, record('b'));
    expect(fieldsOf(second ?? '').seq).toBe(2);
  });
});

describe('an examination', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((id) => record(id));
  const cases: readonly [string, (lines: readonly string[]) => readonly string[], object][] = [
    ['nothing in a whole trail', (lines) => lines, {}],
    ['a removed line', ([a, b, , d, e]) => [a, b, d, e].map(String), { changed: 3 }],
    [
      'a changed line',
      (lines) => lines.with(1, String(lines[1]).replace('"b"', '"B"')),
      { changed: 3 },
    ],
    [
      'a changed number',
      (lines) => lines.with(1, String(lines[1]).replace('"seq":2', '"seq":3')),
      { changed: 3, lost: 2 },
    ],
    [
      'swapped lines',
      (lines) => lines.with(1, String(lines[2])).with(2, String(lines[1])),
      { changed: 2 },
    ],
    ['a repeated line', (lines) => [lines[0], ...lines].map(String), { begins: 2 }],
    ['a line made unreadable', (lines) => lines.with(2, '{}'), { cut: 3, changed: 4 }],
    ['lines removed at the start', (lines) => lines.slice(2), { continues: 1 }],
  ];

  test.each(cases)('finds %s', async (_, change, found) => {
    const lines = await written(newFile(), ...five);
    expect(await problemsIn(change(lines))).toEqual(found);
  });

  test('says the same whatever pieces the file is read in, and where it ends', async () => {
    const lines = await written(newFile(), ...five);
    const text = `${lines.slice(1).join('\n')}\n${lines[0]}`;
    const [whole, ...parts] = await Promise.all(
      [text.length * 2, 1, 97].map((bytes) => examineChain(piecesOf(text, bytes))),
    );
    expect(whole).toMatchObject({ lines: 5, chained: 4, firstSeq: 2, last: { seq: 5 } });
    expect(whole?.last?.sha256).toBe(sha256(lines[4] ?? ''));
    expect(Object.fromEntries(whole?.problems ?? [])).toEqual({
      continues: { line: 1, count: 1 },
      cut: { line: 5, count: 1 },
    });
    expect(parts).toEqual([whole, whole]);
  });

  test('of an empty file finds no line', async () => {
    expect(await examineChain(piecesOf(''))).toMatchObject({ lines: 0, last: undefined });
  });
});
