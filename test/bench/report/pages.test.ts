/** What is stored in docs/benchmarks/ and what people read are the same numbers. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { latencySvg, readmeLines, sideBySidePage } from '../../../bench/report/pages.ts';
import { readBlock, readStored } from '../../../bench/stored.ts';
import { sampleMeasured } from '../samples.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

test('every number of the README is in the page that it names', () => {
  const measured = sampleMeasured();
  const page = sideBySidePage(measured);
  const numbers = readmeLines(measured.sideBySide).match(/\d+\.\d+/g) ?? [];
  expect(numbers.length).toBeGreaterThan(10);
  expect(numbers.filter((number) => !page.includes(`| ${number} |`))).toEqual([]);
});

test('the page says on what machine and when, and who is missing why', () => {
  const page = sideBySidePage(sampleMeasured());
  expect(page).toContain('2026-01-02');
  expect(page).toContain('2 x Some CPU');
  expect(page).toContain('not measured: bubblewrap (bwrap is not installed)');
});

test('calls of others that failed are told', () => {
  const measured = sampleMeasured((row) =>
    row.method === 'docker exec' && row.callers === 8 ? { ...row, failed: 2, n: 38 } : row,
  );
  expect(sideBySidePage(measured)).toContain(
    'failed: docker exec, python3 JSON + regex, 8 callers: 2 of 40 calls',
  );
});

test('the picture has a bar for each contender of each guard', () => {
  const svg = latencySvg(sampleMeasured().sideBySide);
  expect(svg.match(/>docker run --rm</g)).toHaveLength(1);
  expect(svg.match(/>hookpool tenant</g)).toHaveLength(3);
  expect(svg.match(/>hookpool job, refilled</g)).toHaveLength(2);
});

const sideBySide = readStored('side-by-side');

test.runIf(sideBySide !== null)(
  'page, picture and README are those of the stored numbers (npm run bench -- --write)',
  () => {
    if (sideBySide === null) return;
    expect(read('docs/benchmarks/side-by-side.md')).toBe(
      sideBySidePage({ sideBySide, soak: readStored('soak') }),
    );
    expect(read('docs/benchmarks/latency.svg')).toBe(latencySvg(sideBySide));
    expect(readBlock(read('README.md'), 'speed')).toBe(readmeLines(sideBySide));
  },
);

test.runIf(sideBySide === null)('without stored numbers the README claims none', () => {
  expect(readBlock(read('README.md'), 'speed')).not.toMatch(/\d/);
});
