import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseTestFile } from '../../src/cli/hook-tests/test-file.ts';
import { type ConsoleUnderTest, openPage } from './browser.ts';
import { evaluate, seededConsole } from './seeded.ts';

const agent = readFileSync('examples/extended-agent.yaml', 'utf8');

let under: ConsoleUnderTest;
const quarantined = new Set(['0123abcd']);
beforeAll(async () => {
  const entry = { until: '2099-01-01T00:00:00Z', kind: 'worker', proofs: 2 } as const;
  const backend = {
    system: async () => ({
      workers: [],
      quarantine: [...quarantined].map((hash) => ({ hash, ...entry })),
    }),
    release: async (hash: string) => quarantined.delete(hash),
  };
  under = await seededConsole({ backend });
});
afterAll(async () => {
  await under.app.close();
});

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

async function copying(hash: string) {
  const watched = await openPage();
  await watched.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await watched.page.goto(`${under.url}/console/${hash}`);
  return watched;
}

it('an on-demand hook is switched on for a thread and off again', async () => {
  const { page, faults } = await openPage();
  const stored = async () => {
    const { json } = await under.app.inject({ url: '/v1/threads/thread-1/hooks' });
    return json().hooks as string[];
  };
  await page.goto(`${under.url}/console/#/threads/thread-1`);
  await page.getByText('No on-demand hook is switched on.').waitFor();
  await page.getByLabel('Name of an on-demand hook').fill('careful');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('button', { name: 'Switch off careful' }).waitFor();
  expect(await stored()).toEqual(['careful']);
  await page.getByRole('button', { name: 'Switch off careful' }).click();
  await page.getByText('No on-demand hook is switched on.').waitFor();
  expect(await stored()).toEqual([]);
  expect(faults).toEqual([]);
});

it('a quarantined script is released, and one that is gone meanwhile is told', async () => {
  const { page, faults } = await openPage();
  quarantined.add('4567cdef');
  await page.goto(`${under.url}/console/#/system`);
  await page.getByRole('button', { name: 'Release 0123abcd' }).click();
  await page.getByRole('button', { name: 'Release 0123abcd' }).waitFor({ state: 'detached' });
  expect([...quarantined]).toEqual(['4567cdef']);
  quarantined.clear();
  await page.getByRole('button', { name: 'Release 4567cdef' }).click();
  await page.getByText('The script 4567cdef is not in quarantine.').waitFor();
  expect(faults).toEqual([]);
});

it('a link has what stands in the playground, and is gone when that changes', async () => {
  const { page, faults } = await copying('#/playground');
  await page.getByLabel('Sample event').selectOption({ label: 'A prompt' });
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('button', { name: 'Copy the link' }).click();
  await page.getByText('Copied.').waitFor();
  const link = await clipboard(page);
  await page.getByLabel('Agent').fill('cursor');
  expect(await page.getByRole('button', { name: 'Copy the link' }).count()).toBe(0);
  expect(faults).toEqual([]);
  await openPage();
  await page.goto(link);
  await page.getByText('Deploy it to production.').waitFor();
  expect(await page.getByLabel('Agent').inputValue()).toBe('claude-code');
  expect(faults).toEqual([]);
});

it('an evaluation is copied as a curl command, and as a case that a test file can have', async () => {
  const id = await evaluate(under, 'Bash', { command: `it's "here"` });
  const { page, faults } = await copying(`#/evaluation/${id}`);
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('Copied.').waitFor();
  expect(await clipboard(page)).toContain(`curl -sS '${under.url}/v1/evaluate'`);
  await page.getByRole('button', { name: 'Copy as a test case' }).click();
  await page.getByText('Copied.').nth(1).waitFor();
  const file = `cases:\n${(await clipboard(page)).replaceAll('\r\n', '\n')}`;
  const { parsed, problems } = parseTestFile('a.hooktest.yaml', file);
  expect(problems).toEqual([]);
  expect(parsed?.data.cases).toMatchObject([
    {
      context: { tool_input: { command: `it's "here"` } },
      expect: { decision: 'block', decidedBy: 'no-rm' },
    },
  ]);
  expect(faults).toEqual([]);
});

it('filters are added, excluded and removed, and stand in the address', async () => {
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/#/evaluations`);
  const crash = page.getByRole('cell', { name: /^Crash/ });
  await crash.waitFor();
  await page.getByRole('combobox', { name: /^Filter/ }).selectOption('tool');
  await page.getByLabel('Condition').selectOption('not');
  await page.getByLabel('Value').fill('Crash');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await crash.waitFor({ state: 'detached' });
  expect(decodeURIComponent(new URL(page.url()).hash)).toBe('#/evaluations?tool=!Crash');
  await page.getByRole('button', { name: /Tool is not Crash.*remove this filter/ }).click();
  await crash.waitFor();
  expect(new URL(page.url()).hash).toBe('#/evaluations');
  expect(faults).toEqual([]);
});

it('of an evaluation with hooks of several documents the playground runs those that are chosen', async () => {
  const put = async (url: string, payload: string) => {
    const headers = { 'content-type': 'application/yaml' };
    const { statusCode } = await under.app.inject({ method: 'PUT', url, headers, payload });
    expect(statusCode).toBe(201);
  };
  const root = '/api/v2/extendedAgent';
  await put(`${root}/agents/postgres_responder`, agent);
  const hook = { name: 'system__first', tier: 'system', matcher: '*', script: 'exit 2' };
  await put(`${root}/hooks/first`, JSON.stringify({ hooks: { PostToolUse: [hook] } }));
  const { json } = await under.app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    payload: {
      context: { hook_event_name: 'PostToolUse', tool_name: 'x' },
      hookset: 'postgres_responder',
    },
  });
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/#/playground?evaluation=${json().evaluationId}`);
  const choice = page.getByLabel('Hooks of');
  await choice.waitFor();
  const run = page.getByRole('button', { name: 'Run in the sandbox' });
  await run.click();
  await page.getByRole('heading', { name: 'none', exact: true }).waitFor();
  await choice.selectOption({ label: 'first (global)' });
  await page.locator('.cm-content').getByText('system__first').waitFor();
  await run.click();
  await page.getByRole('heading', { name: 'block by system__first' }).waitFor();
  expect(faults).toEqual([]);
});
