import type Docker from 'dockerode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Of dockerode, what one test needs. */
function engineOf(client: object): Engine {
  return new Engine({ modem: {}, ...client } as Docker);
}

test('a call whose response never ends is given up after its time, even if dockerode does not notice', async () => {
  const engine = engineOf({ getContainer: () => ({ start: () => new Promise(() => undefined) }) });
  const starting = expect(engine.start('one')).rejects.toMatchObject({ code: 'ENGINE_TIMEOUT' });
  await vi.advanceTimersByTimeAsync(30_000);
  await starting;
});
