/** What is measured of each type of hook, and what is printed and stored of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { typesPage } from '../../../bench/report/types-page.ts';
import { readStored } from '../../../bench/stored.ts';
import { expectNo, serviceAnswer, standInAnswer } from '../../../bench/types/answers.ts';
import { typeHooks } from '../../../bench/types/hooks.ts';
import { typeRows, typesMatrix } from '../../../bench/types/matrix.ts';
import type { Types } from '../../../bench/types/results.ts';
import { typeTargets } from '../../../bench/types/targets.ts';
import { sampleMeasured } from '../samples.ts';

/** Hookpool takes 3 ms, and everything else 1 ms. */
function sampleTypes(load = '0.1'): Types {
  const { sideBySide } = sampleMeasured();
  const [first] = sideBySide.rows;
  if (first === undefined) throw new Error('The sample has no row.');
  return {
    ...{ date: '2026-01-02', quick: false, seconds: 60, cpu: sideBySide.cpu },
    machine: { ...sideBySide.machine, load },
    rows: typesMatrix().map(({ calls, ...cell }) => {
      const p50Ms = cell.method.startsWith('hookpool ') ? 3 : 1;
      return { ...first, ...cell, n: calls, p50Ms };
    }),
    loaded: [{ what: 'both', p50Ms: 150, rangeMs: [140, 160], bytes: 17 << 20, n: 9 }],
  };
}

describe('the contenders', () => {
  test('take turns in one setting, each of them once', () => {
    const settings = typesMatrix().map(({ method: _, ...setting }) => JSON.stringify(setting));
    expect(new Set(settings).size).toBe(1);
    expect(new Set(typeRows.map(({ method }) => method)).size).toBe(typeRows.length);
  });

  test('of every type are hookpool and what it is compared with', () => {
    for (const type of ['callable', 'http', 'http, TLS', 'prompt', 'agent']) {
      const own = typeRows.find(({ method }) => method === `hookpool ${type}`);
      expect(own).toMatchObject({ type });
      expect(typeRows).toContainEqual({ type, method: own?.bare });
    }
  });

  test('have one hook of each type, which closes where it fails', () => {
    const hooks = typeHooks({ port: 80, tlsPort: 443 });
    expect([...hooks].map(([name, { action, failMode }]) => [name, action.kind, failMode])).toEqual(
      [
        ['callable', 'command', 'block'],
        ['http', 'http', 'block'],
        ['http-tls', 'http', 'block'],
        ['prompt', 'prompt', 'block'],
        ['agent', 'agent', 'block'],
      ],
    );
  });
});

describe('the stand-in', () => {
  const mark = '0123456789abcdef'.repeat(2);

  test('says no as a service, and as a judge without tools', () => {
    expect(() => expectNo(serviceAnswer)).not.toThrow();
    expect(() => expectNo(standInAnswer('{"messages":[]}'))).not.toThrow();
  });

  test('uses its tool once', () => {
    const first = standInAnswer('{"messages":[],"tools":[{}]}');
    expect(JSON.parse(first).choices[0].message.tool_calls).toHaveLength(1);
    expect(() => expectNo(first)).toThrow('did not say no');
    const second = standInAnswer(`{"messages":["<data ${mark} TOOL_1>"],"tools":[{}]}`);
    expect(() => expectNo(second)).not.toThrow();
  });

  test('that says yes is no result to be measured', () => {
    const content = '{"reason":"fine","ok":true}';
    const yes = JSON.stringify({ choices: [{ message: { content } }] });
    expect(() => expectNo(yes)).toThrow('did not say no');
    expect(() => expectNo('{"decision":"allow"}')).toThrow('did not say no');
  });
});

describe('the page', () => {
  test('has a line for each contender, with what hookpool adds', () => {
    const page = typesPage(sampleTypes());
    for (const { type, method } of typeRows) expect(page).toContain(`| ${type} | ${method} |`);
    expect(page).toMatch(/\| prompt \| hookpool prompt \| 100 \| 3\.00 \|.*\| 2\.00 \| 3\.00 \|\n/);
    expect(page).toContain('| both | 9 | 150 | 140–160 | 17.0 |');
  });

  test.each([
    { load: '0.9', busy: false },
    { load: '1.1', busy: true },
  ])('of two CPUs under a load of $load is marked as busy: $busy', ({ load, busy }) => {
    expect(typesPage(sampleTypes(load)).includes('The machine was busy')).toBe(busy);
  });

  const types = readStored('types');
  test.runIf(types !== null)('is that of the stored numbers (bench -- types --write)', () => {
    const file = path.join(import.meta.dirname, '../../../docs/benchmarks/types.md');
    if (types !== null) expect(readFileSync(file, 'utf8')).toBe(typesPage(types));
  });
});

test.each([
  ['callable-latency', 3],
  ['http-added', 2],
  ['http-tls-added', 2],
  ['prompt-added', 2],
  ['agent-added', -1],
])('%s is %d of the sample', (id, value) => {
  expect(typeTargets.find((one) => one.id === id)?.measure(sampleTypes())).toBe(value);
});

test('a target does not hold by a contender that was left out', () => {
  const types = sampleTypes();
  const rows = types.rows.filter(({ method }) => method !== 'hookpool prompt');
  const target = typeTargets.find(({ id }) => id === 'prompt-added');
  expect(target?.measure({ ...types, rows })).toBeNull();
});
