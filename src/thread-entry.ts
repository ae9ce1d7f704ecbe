/**
 * Starts a worker thread on one of hookpool's own modules, from `dist/*.js` and from `src/*.ts`
 * alike. Node 20 runs no TypeScript, and a worker thread inherits neither the transforms of vitest
 * nor the hooks of `--import tsx`: a `.ts` entry is loaded through tsx, which a checkout has and an
 * installed package never needs.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ResourceLimits, type TransferListItem, Worker } from 'node:worker_threads';

export interface ThreadOptions {
  /** Name of the worker thread, for tools that list threads. */
  readonly name: string;
  /**
   * Copied as by postMessage(): plain data, a SharedArrayBuffer, a MessagePort that `transferList`
   * names.
   */
  readonly workerData?: unknown;
  readonly transferList?: readonly TransferListItem[];
  /** Absent: the worker thread may use as much memory as the process. */
  readonly resourceLimits?: ResourceLimits;
}

/**
 * The caller makes sure that the worker thread ends: its module returns, or the caller calls
 * terminate().
 * @param from the caller's `import.meta.url`
 * @param entry the module relative to the caller, without its extension: `./heartbeat-thread`
 */
export function startThread(
  from: string,
  entry: string,
  { transferList = [], ...rest }: ThreadOptions,
): Worker {
  const extension = path.extname(new URL(from).pathname);
  const url = new URL(`${entry}${extension}`, from);
  // Empty instead of the process's own arguments: its --inspect or --import would be repeated in
  // every worker thread.
  const options = { ...rest, transferList: [...transferList], execArgv: [] };
  if (extension !== '.ts') return new Worker(url, options);
  return new Worker(typescriptEntry(url), { ...options, eval: true });
}

/** A script that registers tsx in its worker thread and then loads the module. */
function typescriptEntry(url: URL): string {
  // The path names the file: resolved for require(), the name `tsx/esm/api` gives a build that does
  // not load.
  const tsx = path.dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  const api = pathToFileURL(path.join(tsx, 'dist/esm/api/index.mjs'));
  return `import(${quoted(api)}).then(({ register }) => { register(); return import(${quoted(url)}); });`;
}

function quoted({ href }: URL): string {
  return JSON.stringify(href);
}
