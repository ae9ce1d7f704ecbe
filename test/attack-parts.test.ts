/** No hostile script of test/attacks is left out of what make test runs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { corpora, readCorpus } from './attacks/entry.ts';
import { quietPart, sharedPart, sharedParts } from './attacks/parts.ts';
import { plan } from './attacks/plan.ts';

const entries = corpora.flatMap(readCorpus);
const parts = [quietPart(entries), ...sharedParts.map((part) => sharedPart(entries, part))];
const controls = entries.filter((entry) => entry.class === 'control').map(({ id }) => id);

test('each attack is in one part, and the controls are in all', () => {
  const ids = parts.map((part) => part.map(({ id }) => id));
  expect(controls.length).toBeGreaterThan(3);
  for (const part of ids) expect(part).toEqual(expect.arrayContaining(controls));
  const attacks = ids.flat().filter((id) => !controls.includes(id));
  const all = entries.map(({ id }) => id).filter((id) => !controls.includes(id));
  expect(attacks.toSorted()).toEqual(all.toSorted());
});

test('each step of the whole plan is a step of a part, pairs undivided', () => {
  const titles = new Set(parts.flatMap((part) => plan(part).map(({ title }) => title)));
  const isAgain = (title: string) => / again, /.test(title);
  const whole = plan(entries)
    .map(({ title }) => title)
    .filter((title) => !isAgain(title));
  expect(whole.filter((title) => !titles.has(title))).toEqual([]);
});

test.each([
  'res-forkbomb-exp',
  'res-cpu-burn-16',
  'own-stderr-flood',
  'own-state-race',
  'proto-allow-then-hang',
])('%s, which compares times or takes the machine, has it for itself', (id) => {
  expect(quietPart(entries).map((entry) => entry.id)).toContain(id);
});

test.each(sharedParts)('part %i has a test file', (part) => {
  const file = path.join(import.meta.dirname, `integration/attacks-${part}.test.ts`);
  expect(readFileSync(file, 'utf8')).toContain(`sharedPart(entries, ${part})`);
});
