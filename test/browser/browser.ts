/** A real browser before the console: pages that count what must not happen in them. */
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { consoleFiles } from '../../src/cli/console-files.ts';
import { type AppUnderTest, appUnderTest } from '../server/app-under-test.ts';

/** Debian's Chromium runs as root in containers, and must ask no server of its maker for anything. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: switches });
}

export interface Watched {
  readonly page: Page;
  /** Violations of the content security policy, exceptions and errors of the console, in words. */
  readonly faults: string[];
}

interface Opened {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/** A page of its own profile, which has no part of the storage of another. */
export async function openPage(
  browser: Browser,
  { colorScheme = 'light', width = 1200 }: Opened = {},
): Promise<Watched> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
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
