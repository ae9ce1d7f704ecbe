/** With real pipes that nobody reads, and real files. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Descriptor } from '../src/descriptor.ts';
import { LineWriter } from '../src/line-writer.ts';
import { openLog } from '../src/log.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));
const open: number[] = [];
afterEach(() => {
  for (const fd of open.splice(0)) closeSync(fd);
});

let pipes = 0;
/** Both ends of a named pipe, and all that is in it. */
function pipe() {
  const place = path.join(folder, `pipe-${pipes++}`);
  execFileSync('mkfifo', [place]);
  const fd = openSync(place, constants.O_RDWR | constants.O_NONBLOCK);
  open.push(fd);
  let text = '';
  /** All that came so far. */
  const read = () => {
    const bytes = Buffer.alloc(1 << 20);
    for (;;) {
      try {
        text += bytes.toString('utf8', 0, readSync(fd, bytes));
      } catch {
        return text;
      }
    }
  };
  return { fd, read };
}

const kinds: [string, (fd: number) => Descriptor][] = [
  ['writes at once', (fd) => ({ fd, nonBlocking: true, isFile: false })],
  ['writes off the thread', (fd) => ({ fd, nonBlocking: false, isFile: false })],
];

test.each(kinds)('a writer that %s keeps the order of its lines, whole', async (_, descriptor) => {
  const { fd, read } = pipe();
  const writer = new LineWriter({ descriptor: descriptor(fd), maxBytes: 1 << 20 });
  for (let line = 0; line < 100; line++) writer.write(`${line}\n`);
  await expect.poll(() => read().trimEnd().split('\n').length).toBe(100);
  expect(read()).toBe(Array.from({ length: 100 }, (_unused, line) => `${line}\n`).join(''));
  await writer.close(1_000);
  expect(writer.dropped).toBe(0);
});

test('a line that is written when the last one has just been written off the thread does not stay', async () => {
  const { fd, read } = pipe();
  const writer: LineWriter = new LineWriter({
    descriptor: { fd, nonBlocking: false, isFile: false },
    maxBytes: 10,
    onFlow: () => queueMicrotask(() => writer.write('late\n')),
  });
  writer.write('first\n');
  writer.write('too much\n');
  await expect.poll(read).toBe('first\nlate\n');
  await writer.close(1_000);
});

test.each(kinds)(
  'a writer that %s never waits for a reader: it drops, counts, and tells when lines flow again',
  async (_, descriptor) => {
    const { fd, read } = pipe();
    const told: number[] = [];
    const writer: LineWriter = new LineWriter({
      descriptor: descriptor(fd),
      maxBytes: 100_000,
      onFlow: (dropped) => {
        told.push(dropped);
        writer.write(`${dropped} dropped\n`);
      },
    });
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 1_000; count++) writer.write(line);
    expect(writer.dropped).toBeGreaterThan(500);
    expect(told).toEqual([]);
    let text = '';
    await expect.poll(() => (text += read())).toMatch(/\d+ dropped\n$/);
    const lines = read().trimEnd().split('\n');
    expect(lines.slice(0, -1).every((one) => `${one}\n` === line)).toBe(true);
    expect(told).toEqual([1_000 - (lines.length - 1)]);
    writer.write('again\n');
    await expect.poll(read).toMatch(/dropped\nagain\n$/);
    await writer.close(1_000);
  },
);

test.each(kinds)(
  'a writer that %s ends in time with a reader that does not read',
  async (_, descriptor) => {
    const { fd } = pipe();
    const writer = new LineWriter({ descriptor: descriptor(fd), maxBytes: 1 << 20 });
    for (let count = 0; count < 200; count++) writer.write(`${'x'.repeat(999)}\n`);
    await writer.close(50);
    expect(writer.dropped).toBeGreaterThan(100);
    writer.write('late\n');
    expect(writer.dropped).toBeGreaterThan(101);
  },
);

test('a reader that is gone costs the lines, and nothing else', async () => {
  const told: number[] = [];
  const fd = openSync('/dev/full', 'w');
  open.push(fd);
  for (const nonBlocking of [true, false]) {
    const writer = new LineWriter({
      descriptor: { fd, nonBlocking, isFile: false },
      maxBytes: 1 << 20,
      onFlow: (dropped) => void told.push(dropped),
    });
    for (let line = 0; line < 10; line++) writer.write('x\n');
    await expect.poll(() => writer.dropped).toBe(10);
    await writer.close(100);
  }
  expect(told).toEqual([]);
});

test('the log is JSON lines in which no control character is left', async () => {
  const file = path.join(folder, 'log');
  const fd = openSync(file, 'a');
  open.push(fd);
  const log = openLog('info', { fd, nonBlocking: false, isFile: true });
  log.logger.info({ reason: 'a\u001b[2J\u009b\u2028\u202eé', token: 'secret' }, 'said');
  await log.close();
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(
    '"reason":"a\\u001b[2J\\u009b\\u2028\\u202eé","token":"[left out]","msg":"said"}\n',
  );
  expect(log.dropped()).toBe(0);
});
