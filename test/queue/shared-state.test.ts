/** What the thread of the heartbeat sees of the main thread. */
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { SharedState } from '../../src/queue/shared-state.ts';
import { startThread } from '../../src/thread-entry.ts';

it("another thread sees a worker's state, and how long its main thread has not answered", async () => {
  const shared = new SharedState();
  shared.write({ capacity: 4, running: 2, meanJobMs: 12.5, starting: true });
  const from = new URL('../fixtures/threads/start.ts', import.meta.url).href;
  const thread = startThread(from, './read-state', { name: 'state', workerData: shared.buffer });
  await once(thread, 'message');
  const end = performance.now() + 400;
  while (performance.now() < end);
  thread.postMessage('now');
  const [seen] = await once(thread, 'message');
  expect(seen).toMatchObject({ capacity: 4, running: 2, meanJobMs: 12.5, starting: true });
  expect(seen.stuckMs).toBeGreaterThanOrEqual(400);
  await thread.terminate();
});
