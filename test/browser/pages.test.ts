import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations, rulesOfLook } from './axe.ts';
import { type ConsoleUnderTest, openPage, type Watched } from './browser.ts';
import { evaluate, seededConsole } from './seeded.ts';

let under: ConsoleUnderTest;
let id = '';
/** Of all pages below: a page that is opened by a link needs no new document. */
let watched: Watched;
beforeAll(async () => {
  under = await seededConsole();
  id = await evaluate(under, 'Bash');
  watched = await openPage();
});
afterAll(async () => {
  await under.app.close();
});

/** Each page, and a text that is there when it is complete. */
const pages = [
  ['#/', 'Last blocks'],
  ['#/evaluations', 'no-rm'],
  ['#/evaluation/ID', 'matcher does not match'],
  ['#/hook-sets', 'guards'],
  ['#/hook-set/guards', 'Version 1'],
  ['#/threads', 'thread-1'],
  ['#/threads/thread-1', 'switched on'],
  ['#/playground', 'Run in the sandbox'],
  ['#/system', 'Quarantine'],
] as const;

it.each(pages)(
  '%s keeps the policy, and what axe asks for, light, dark and 360 px wide',
  async (hash, text) => {
    const { page, faults } = watched;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.goto(`${under.url}/console/${hash.replace('ID', id)}`);
    await page.getByText(text).first().waitFor();
    await page.waitForFunction(() => !document.body.innerText.includes('Loading …'));
    expect(await axeViolations(page), 'light and wide').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 900 });
    expect(await axeViolations(page, rulesOfLook), 'dark and narrow').toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, 'the page scrolls sideways').toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  },
);

it('every page is reached with the keyboard alone, and says where it is', async () => {
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/`);
  await page.getByText('Last blocks').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe(
    'Skip to the page',
  );
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Evaluations', level: 1 }).waitFor();
  expect(await page.title()).toContain('Evaluations');
  const current = page.locator('nav [aria-current="page"]');
  expect(await current.first().textContent()).toBe('Evaluations');
  expect(faults).toEqual([]);
});
