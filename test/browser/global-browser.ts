/**
 * One Chromium for all files of a run. It belongs to the main process of Vitest, which closes it when
 * the last file has ended: no file, and no failure of one, leaves it behind.
 */
import { type BrowserServer, chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where files of the project `browser` connect to Chromium. */
    readonly browserAddress: string;
  }
}

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

/** @returns what ends Chromium, and waits for that. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server: BrowserServer = await chromium.launchServer({
    executablePath: '/usr/bin/chromium',
    args: switches,
  });
  project.provide('browserAddress', server.wsEndpoint());
  return () => server.close();
}
