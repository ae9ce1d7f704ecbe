import { afterAll, beforeAll, expect, it } from 'vitest';
import { mostRows } from '../../src/console/evaluation-list.ts';
import { type ConsoleUnderTest, openPage } from './browser.ts';
import { evaluate, seededConsole } from './seeded.ts';

const perSecond = 50;
const seconds = 1;

let under: ConsoleUnderTest;
beforeAll(async () => {
  under = await seededConsole();
});
afterAll(async () => {
  await under.app.close();
});

it(`the list follows ${perSecond} evaluations a second, and stands while it is paused`, async () => {
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/#/evaluations`);
  await page.getByText('Live', { exact: true }).waitFor();
  const before = await page.locator('tbody tr').count();
  let last = '';
  for (let second = 0; second < seconds; second += 1) {
    const started = performance.now();
    for (let count = 0; count < perSecond; count += 1) last = await evaluate(under, 'Bash');
    const restMs = 1000 - (performance.now() - started);
    // The rate is what is tested.
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  await page.locator(`a[href="#/evaluation/${last}"]`).waitFor();
  const rows = await page.locator('tbody tr').count();
  expect(rows).toBe(Math.min(before + seconds * perSecond, mostRows));
  await page.getByRole('button', { name: 'Pause' }).click();
  const unseen = await evaluate(under, 'Write');
  await page.getByText('New evaluations are not shown.').waitFor();
  expect(await page.locator(`a[href="#/evaluation/${unseen}"]`).count()).toBe(0);
  await page.getByRole('button', { name: 'Go on' }).click();
  const seen = await evaluate(under, 'Write');
  await page.locator(`a[href="#/evaluation/${seen}"]`).waitFor();
  // What came during the pause is listed too.
  await page.locator(`a[href="#/evaluation/${unseen}"]`).waitFor();
  expect(faults).toEqual([]);
});

it('filters and their exclusion hold for what arrives too', async () => {
  const { page } = await openPage();
  await page.goto(`${under.url}/console/#/evaluations?decision=block&tool=!Crash`);
  await page.getByText('Live', { exact: true }).waitFor();
  const [crash, read] = [await evaluate(under, 'Crash'), await evaluate(under, 'Read')];
  const bash = await evaluate(under, 'Bash');
  await page.locator(`a[href="#/evaluation/${bash}"]`).waitFor();
  for (const id of [crash, read])
    expect(await page.locator(`a[href="#/evaluation/${id}"]`).count()).toBe(0);
});
