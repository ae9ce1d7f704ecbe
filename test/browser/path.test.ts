import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { axeViolations } from './axe.ts';
import { openPage } from './browser.ts';

const guard = `hooks:
  PreToolUse:
    - name: no-rm
      matcher: Bash
      script: |
        #!/usr/bin/env python3
        import json, sys
        command = json.load(sys.stdin)["tool_input"]["command"]
        if "rm" in command:
            print("Name the files that are to go.", file=sys.stderr)
            sys.exit(2)
    - name: no-secrets
      matcher: Write|Edit
      script: exit 0
`;
/** Where the pictures of docs/console.md go; empty: none are taken. */
const pictures = process.env['HOOKPOOL_SCREENSHOTS'] ?? '';

let server: RunningServer;
beforeAll(async () => {
  const env = { HOOKPOOL_CONTAINERS: '2', HOOKPOOL_LOG_LEVEL: 'info' };
  server = await startServer(['--keep-contexts'], env);
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
});

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === '') return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
}

const call = (command: string) =>
  server.ask('POST', '/v1/evaluate', {
    json: {
      ...{ hookset: 'shell', dialect: 'claude-code', event: 'PreToolUse' },
      context: {
        ...{ hook_event_name: 'PreToolUse', tool_name: 'Bash' },
        tool_input: { command },
      },
    },
  });

it('a person finds a blocked call, sees why, mends the guard and replays the call', async () => {
  await server.ask('PUT', '/v1/hooksets/shell', {
    text: guard,
    headers: { 'content-type': 'application/yaml' },
  });
  expect((await call('ls')).body.decision).toBe('none');
  const blocked = await call('npm run format');
  expect(blocked.body.decision).toBe('block');

  const { page, faults } = await openPage();
  await page.goto(`${server.url}/console/`);
  await page.getByRole('heading', { name: 'Last blocks' }).waitFor();
  await page.getByText('Name the files').first().waitFor();
  await picture(page, 'overview');
  await page.getByRole('navigation').getByText('Evaluations').click();
  await page.getByRole('link', { name: 'Blocked by a hook' }).click();
  await page.getByText('npm run format').waitFor();
  await picture(page, 'evaluations');
  await page.locator(`a[href="#/evaluation/${blocked.body.evaluationId}"]`).click();

  await page
    .getByRole('heading', { level: 1, name: /because no-rm left with exit code 2/ })
    .waitFor();
  await page.getByText('matcher does not match').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await picture(page, 'evaluation');

  await page.locator('dd a', { hasText: 'shell' }).click();
  await page.getByText('No problems.').waitFor();
  const editor = page.locator('.cm-content');
  const line = editor.getByText('if "rm" in command:');
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.type('if "rm -rf" in command: [');
  await page.locator('.problems .error').first().waitFor();
  await picture(page, 'editor');
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.getByText('No problems.').waitFor();
  await page.getByRole('button', { name: 'Try against past evaluations' }).click();
  await page.getByText(/\d of the last 2 would change/).waitFor();
  await picture(page, 'try');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Version 2' }).waitFor();
  await page.getByRole('button', { name: 'Version 1' }).click();
  await page.getByText('beside it the text in the editor').waitFor();
  await picture(page, 'versions');

  await page.goto(`${server.url}/console/#/evaluation/${blocked.body.evaluationId}`);
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByText('The same decision as before.').waitFor();
  await page.getByRole('button', { name: 'Replay with the stored hooks' }).click();
  await page.getByText('Another decision than before.').waitFor();
  await page.getByRole('link', { name: 'Open this evaluation' }).click();
  await page.getByRole('heading', { level: 1, name: /no hook decided/ }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'Open in the playground' }).click();
  await page.getByRole('button', { name: 'Run in the sandbox' }).click();
  await page.getByRole('heading', { name: 'block by no-rm' }).waitFor();
  await picture(page, 'playground');
  expect((await call('npm run format')).body.decision).toBe('none');
  expect(faults).toEqual([]);
});
