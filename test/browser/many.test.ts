import { afterAll, beforeAll, expect, it } from 'vitest';
import { mostRows } from '../../src/console/evaluation-list.ts';
import { searchScans } from '../../src/server/evaluation-summary.ts';
import { memoryStores } from '../../src/server/memory-stores.ts';
import { type ConsoleUnderTest, openPage } from './browser.ts';
import { evaluate, seededConsole } from './seeded.ts';

/** More than one search looks at, twice. */
const kept = 2 * searchScans + 100;
const everyMs = 50;

let under: ConsoleUnderTest;
beforeAll(async () => {
  const stores = memoryStores();
  under = await seededConsole(stores);
  const id = await evaluate(under, 'Read');
  const one = await stores.evaluations.get('default', id);
  if (one === undefined) throw new Error('The evaluation was not kept.');
  const now = Date.now();
  // The oldest is the only one of its tool; the last one that is put is the newest.
  for (let at = 0; at < kept; at += 1) {
    const when = new Date(now - (kept - at) * everyMs).toISOString();
    const tool = at === 0 ? 'Rare' : 'Read';
    await stores.evaluations.put({
      ...one,
      kept: undefined,
      record: { ...one.record, id: `many-${at}`, at: when, tool },
    });
  }
});
afterAll(async () => {
  await under.app.close();
});

/** The requests for lists that a page makes. */
async function opened(hash: string) {
  const watched = await openPage();
  const asked: string[] = [];
  watched.page.on('request', (request) => {
    if (request.url().includes('/v1/evaluations')) asked.push(request.url());
  });
  await watched.page.goto(`${under.url}/console/${hash}`);
  return { ...watched, asked };
}

it('the overview counts without reading the evaluations, and says what it has read', async () => {
  const { page, faults, asked } = await opened('#/');
  await page.getByText('5 evaluations in the last 24 hours').waitFor();
  await page.getByText('Of the newest 200 evaluations.').waitFor();
  await page.getByText('Nothing was blocked in the last 2,000 evaluations.').waitFor();
  // One page of the newest, and the last blocks.
  expect(new Set(asked).size).toBe(2);
  expect(faults).toEqual([]);
});

it(`the list draws ${mostRows} rows of ${kept} at most, and goes on without a hole`, async () => {
  const { page, faults } = await opened('#/evaluations?limit=200');
  const rows = page.locator('tbody tr');
  for (const count of [200, 400, mostRows]) {
    await page.getByText(`${count} evaluations`, { exact: true }).waitFor();
    expect(await rows.count()).toBe(count);
    if (count < mostRows) await page.getByRole('button', { name: 'Older evaluations' }).click();
  }
  const oldest = `#/evaluation/many-${kept - mostRows}`;
  expect(await rows.last().locator('a').first().getAttribute('href')).toBe(oldest);
  await page.getByRole('link', { name: 'A list of older evaluations' }).click();
  await page.getByText('200 evaluations', { exact: true }).waitFor();
  expect(await rows.first().locator('a').first().getAttribute('href')).toBe(oldest);
  expect(faults).toEqual([]);
});

it('a search that has not reached the oldest evaluation says so, and finds it', async () => {
  const { page, faults, asked } = await opened('#/evaluations?tool=Rare');
  const rare = page.locator('a[href="#/evaluation/many-0"]');
  for (let part = 1; part < kept / searchScans; part += 1) {
    await page.getByText('older ones may').waitFor();
    const answered = page.waitForResponse((response) => response.url().includes('before='));
    await page.getByRole('button', { name: 'Older evaluations' }).click();
    await answered;
  }
  await rare.waitFor();
  // The first page is asked for once more when the stream of events is open.
  expect(asked.length).toBeLessThanOrEqual(Math.ceil(kept / searchScans) + 1);
  expect(faults).toEqual([]);
});
