import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConsoleUnderTest, listeningConsole, openPage, openTab } from './browser.ts';

const token = 'a-token-of-the-tests';
const viewer = 'a-token-of-a-viewer';
let under: ConsoleUnderTest;
beforeAll(async () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest();
  const tokens = [
    { sha256: sha256(token), tenant: 'a', role: 'admin', urgent: false },
    { sha256: sha256(viewer), tenant: 'a', role: 'view', urgent: false },
  ] as const;
  under = await listeningConsole({ tokens, keepContexts: true });
});
afterAll(async () => {
  await under.app.close();
});

it('a token is asked for, sent as a header alone, and forgotten with the tab', async () => {
  const { page, faults } = await openPage();
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
  const other = await openTab();
  await other.page.goto(`${under.url}/console/#/hook-sets`);
  await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await other.page.close();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect([...faults, ...other.faults]).toEqual([]);
});

it('a viewer sees lists and records, and is told what the token does not include', async () => {
  const hooks = { PreToolUse: [{ name: 'guard', matcher: 'Bash', script: 'exit 2' }] };
  const { json } = await under.app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    headers: { authorization: `Bearer ${token}` },
    payload: {
      hooks,
      context: {
        ...{ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'ls' } },
        note: 'only-in-the-context',
      },
    },
  });
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/#/evaluations`);
  await page.getByLabel('Token').fill(viewer);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.locator(`a[href="#/evaluation/${json().evaluationId}"]`).click();
  await page.getByText('The role of this token does not include contexts').waitFor();
  await page.getByRole('heading', { name: /because guard left with exit code 2/ }).waitFor();
  expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0);
  await page.waitForFunction(() => !document.body.innerText.includes('Loading …'));
  expect(await page.locator('main').innerText()).not.toContain('only-in-the-context');
  await page.goto(`${under.url}/console/#/hook-set/guards`);
  await page.getByText('This needs a token with the role').waitFor();
  expect(await page.getByRole('heading', { name: 'Sign in' }).count()).toBe(0);
  expect(faults).toEqual([]);
});
