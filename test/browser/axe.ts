/** What axe-core finds wrong for people who use a keyboard, a screen reader or high contrast. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = () =>
  readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * @returns each violation with the elements that have it; the policy of the page permits no foreign
 * script, so the code is evaluated through the debugger.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(source());
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}
