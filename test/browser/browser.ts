/**
 * A real browser before the console: pages that count what must not happen in them. A page of a new
 * profile takes 1.5 s of CPU time until it shows the console, most of it for its process; one that
 * shows another address takes 0.3 s. So all files have one page, which is as a new one at each open.
 */
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { consoleFiles } from '../../src/cli/console-files.ts';
import { type AppUnderTest, appUnderTest } from '../server/app-under-test.ts';

export interface Watched {
  readonly page: Page;
  /** Violations of the content security policy, exceptions and errors of the console, in words. */
  readonly faults: string[];
}

interface Shared extends Watched {
  readonly browser: Browser;
}

const wide = { width: 1200, height: 900 };
/** Of this process, whose files run one after another. */
let shared: Promise<Shared> | undefined;
/** Connects before the leak guard looks, so that the connection is not taken for a leak of a file. */
export function sharedPage(): Promise<Shared> {
  shared ??= connected();
  return shared;
}

async function connected(): Promise<Shared> {
  const browser = await chromium.connect(inject('browserAddress'));
  const context = await browser.newContext({ colorScheme: 'light', viewport: wide });
  return { browser, ...(await watched(await context.newPage())) };
}

/**
 * The page, without what an earlier test left: its document, storage, permissions, listeners, faults,
 * size and colours.
 */
export async function openPage(): Promise<Watched> {
  const { page, faults } = await sharedPage();
  for (const event of ['request', 'response', 'dialog'] as const) page.removeAllListeners(event);
  await page.evaluate(() => {
    if (!location.protocol.startsWith('http')) return;
    sessionStorage.clear();
    localStorage.clear();
  });
  await page.goto('about:blank');
  await page.context().clearPermissions();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(wide);
  faults.length = 0;
  return { page, faults };
}

/** Another tab of the same profile. The test closes it. */
export async function openTab(): Promise<Watched> {
  const { page } = await sharedPage();
  return watched(await page.context().newPage());
}

/** How many tabs and profiles are open beside the page of all files. */
export async function pagesLeft(): Promise<string[]> {
  const { browser, page } = await sharedPage();
  const pages = browser.contexts().flatMap((context) => context.pages());
  return pages.filter((one) => one !== page).map((one) => `the page ${one.url()}`);
}

async function watched(page: Page): Promise<Watched> {
  // Below the limit of a test, so that a failure names what was waited for.
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // Chromium reports answers of 4xx as errors; the pages show them in words.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(`console: ${message.text()}`);
  });
  await page.exposeFunction('hookpoolFault', (text: string) => faults.push(text));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      const tell = (globalThis as unknown as { hookpoolFault: (text: string) => void })
        .hookpoolFault;
      tell(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}`);
    });
  });
  return { page, faults };
}

export interface ConsoleUnderTest extends AppUnderTest {
  /** Such as `http://127.0.0.1:4711`. */
  readonly url: string;
}

/** The server with a runner that is a plain function, and the console that was built. */
export async function listeningConsole(
  options: Parameters<typeof appUnderTest>[0] = {},
): Promise<ConsoleUnderTest> {
  const console = consoleFiles();
  if (console.size === 0) throw new Error('The console is not built: npm run build.');
  const under = appUnderTest({ console, ...options });
  await under.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = under.app.server.address() as AddressInfo;
  return { ...under, url: `http://127.0.0.1:${port}` };
}
