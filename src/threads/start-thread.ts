/** Starts a worker thread from one of our own modules, compiled or from source. */
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * @param entry `new URL('./name.ts', import.meta.url)`: the module that the thread runs. Compiled,
 * it is the `.js` beside the module that names it.
 */
export function startThread(entry: URL, options: WorkerOptions = {}): Worker {
  if (import.meta.url.endsWith('.js')) {
    return new Worker(new URL(entry.href.replace(/\.ts$/, '.js')), options);
  }
  // Tests and benchmarks run from source: Node 20 gives a thread no loader for TypeScript.
  const source = `import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(entry.href)});
  })`;
  return new Worker(source, { ...options, eval: true });
}
