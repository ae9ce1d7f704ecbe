import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConsoleUnderTest, openPage, openTab } from './browser.ts';
import { seededConsole } from './seeded.ts';

let under: ConsoleUnderTest;
beforeAll(async () => {
  under = await seededConsole();
});
afterAll(async () => {
  await under.app.close();
});

async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

it('of two windows that save the same hook set the second is told, and loses nothing', async () => {
  const first = await openPage();
  const second = await openTab();
  for (const { page } of [first, second]) {
    await page.goto(`${under.url}/console/#/hook-set/guards`);
    await page.getByText('Version 1').waitFor();
  }
  await write(first.page, '# first');
  await first.page.getByRole('button', { name: 'Save' }).click();
  await first.page.getByText('Saved.').waitFor();
  await first.page.getByText('Version 2').waitFor();
  await write(second.page, '# second');
  await second.page.getByRole('button', { name: 'Save' }).click();
  await second.page.getByText('Somebody else has changed').waitFor();
  expect(await second.page.locator('.cm-content').innerText()).toContain('# second');
  await second.page.getByRole('button', { name: 'load the stored version' }).click();
  await second.page.getByText('# first').waitFor();
  expect([...first.faults, ...second.faults]).toEqual([]);
  await second.page.close();
});

it('a link asks before text is lost that was not saved', async () => {
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/#/hook-set/guards`);
  await page.getByText('No problems.').waitFor();
  await write(page, '# mine');
  const asked: string[] = [];
  page.on('dialog', async (dialog) => {
    asked.push(dialog.message());
    await (asked.length === 1 ? dialog.dismiss() : dialog.accept());
  });
  const threads = page.getByRole('navigation').getByRole('link', { name: 'Threads' });
  await threads.click();
  expect(await page.locator('.cm-content').innerText()).toContain('# mine');
  await threads.click();
  await page.getByRole('heading', { name: 'Threads', level: 1 }).waitFor();
  expect(asked).toHaveLength(2);
  expect(faults).toEqual([]);
});

it('a mistake is marked as it is typed, and cannot be saved', async () => {
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/#/hook-set/guards`);
  await page.getByText('No problems.').waitFor();
  await write(page, '  Stopp:\n- name: x\n');
  await page.locator('.problems .error').first().waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await page.locator('.cm-lint-marker-error').first().waitFor();
  expect(faults).toEqual([]);
});
