/** What the readiness check of a worker says after creations that failed. */
import { Registry } from 'prom-client';
import { expect, it, vi } from 'vitest';
import { openObservedPool } from '../../src/cli/observed-pool.ts';
import { readConfig } from '../../src/config.ts';
import { SandboxError, UnavailableError } from '../../src/errors.ts';
import { defaultKind, type SandboxKind } from '../../src/protocol/sandbox-kind.ts';
import type { OpenPoolOptions } from '../../src/sandbox/open-pool.ts';

const opened: OpenPoolOptions[] = [];

vi.mock('../../src/sandbox/open-pool.ts', () => ({
  openPool: (options: OpenPoolOptions) => {
    opened.push(options);
    return { stats: () => ({ blank: 0, idle: 0, leased: 0, creating: 0, waiting: 0 }) };
  },
}));

function whyNotAfter(kind: SandboxKind, error: Error): string | undefined {
  const { whyNotReady } = openObservedPool(readConfig({}), new Registry());
  opened.at(-1)?.observe?.({ type: 'create-failed', kind, error });
  return whyNotReady();
}

it('a worker is not ready after a failure of its engine or of the default image', () => {
  expect(whyNotAfter(defaultKind, new SandboxError('CREATE_FAILED', 'full'))).toContain('full');
  const missing = new UnavailableError('IMAGE_MISSING', 'no image');
  expect(whyNotAfter(defaultKind, missing)).toContain('no image');
});

it('a worker is ready after a failure of one workspace or of the image of another profile', () => {
  const place = { ...defaultKind, workspace: '/src/app' };
  expect(whyNotAfter(place, new SandboxError('WORKSPACE_FAILED', 'gone'))).toBeUndefined();
  const missing = new UnavailableError('IMAGE_MISSING', 'no image');
  expect(whyNotAfter({ profile: 'full' }, missing)).toBeUndefined();
});
