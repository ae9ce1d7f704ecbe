import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConsoleUnderTest, listeningConsole, openBrowser, openPage } from './browser.ts';

const token = 'a-token-of-the-tests';
let browser: Browser;
let under: ConsoleUnderTest;
beforeAll(async () => {
  const sha256 = createHash('sha256').update(token).digest();
  const tokens = [{ sha256, tenant: 'a', role: 'admin', urgent: false } as const];
  [browser, under] = await Promise.all([openBrowser(), listeningConsole({ tokens })]);
});
afterAll(async () => {
  await browser.close();
  await under.app.close();
});

it('a token is asked for, sent as a header alone, and forgotten with the tab', async () => {
  const { page, faults } = await openPage(browser);
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  await page.goto(`${under.url}/console/#/hook-sets`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('Token').fill('another-token-than-that');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('does not know this token').waitFor();
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('No hook set is stored yet.').waitFor();
  expect(addresses.filter((address) => address.includes('token'))).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).toBe('{}');
  const other = await page.context().newPage();
  await other.goto(`${under.url}/console/#/hook-sets`);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(faults).toEqual([]);
});
