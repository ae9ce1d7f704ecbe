/** What axe-core finds wrong for people who use a keyboard, a screen reader or high contrast. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

interface WithAxe {
  readonly axe?: { readonly run: (options: RunOptions) => Promise<AxeResults> };
}

/**
 * The rules that read computed colours, sizes or what scrolls. All others read markup alone, which
 * is the same in dark and narrow: the styles differ by media queries, and no part draws by the size.
 */
export const rulesOfLook = [
  ...['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'],
  ...['css-orientation-lock', 'meta-viewport'],
];

/**
 * @param rules default: all of them
 * @returns each violation with the elements that have it; the policy of the page permits no foreign
 * script, so the code is evaluated through the debugger, once for a document.
 */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => (globalThis as WithAxe).axe !== undefined)))
    await page.evaluate(
      readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    );
  // axe leaves this rule out where nobody asks for it.
  const whole: RunOptions = { rules: { 'target-size': { enabled: true } } };
  const options: RunOptions = rules === undefined ? whole : { runOnly: [...rules] };
  const { violations, passes } = await page.evaluate(async (given) => {
    const found = await (globalThis as WithAxe).axe?.run({ ...given, resultTypes: ['violations'] });
    return { violations: found?.violations ?? [], passes: found?.passes.length ?? 0 };
  }, options);
  if (passes === 0) throw new Error('axe has looked at nothing.');
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}
