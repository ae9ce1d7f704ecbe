/** The engine proxy before the real engine, with a relay that tells what the engine hears. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { EngineProxy, type FailedCall } from '../../src/sandbox/engine-proxy/engine-proxy.ts';
import { imageName, readSeccompProfile } from '../../src/sandbox/image.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { containerSpec, defaultLimits, drawJobUid, ownerLabel } from '../../src/sandbox/spec.ts';
import type { Workspaces } from '../../src/sandbox/workspace/workspaces.ts';
import { EngineRelay, engineAt } from '../support/engine-relay.ts';
import { testPool } from '../support/pool.ts';

export const direct = new Engine();

export const docker = new Docker();

export const { image = imageName(), ociRuntime } = readConfig();

const settings = {
  profiles: [{ image, limits: defaultLimits }],
  seccompProfile: readSeccompProfile(),
  runtime: ociRuntime,
};

export const max = 6;

export class ProxyRig {
  readonly #pools: Pool[] = [];
  readonly #workspaces: Workspaces | undefined;
  folder = '';
  socket = '';
  relay!: EngineRelay;
  proxy!: EngineProxy;
  /** What the proxy refused, in order. */
  refused: FailedCall[] = [];

  constructor(workspaces?: Workspaces) {
    this.#workspaces = workspaces;
  }

  pool(options = {}): Pool {
    const made = testPool({ engine: engineAt(this.socket), ...options });
    this.#pools.push(made);
    return made;
  }

  async open(): Promise<void> {
    this.folder = mkdtempSync(path.join(tmpdir(), 'hookpool-proxy-'));
    this.socket = path.join(this.folder, 'engine.sock');
    this.refused = [];
    this.relay = await EngineRelay.open(this.folder);
    this.proxy = new EngineProxy({
      engine: engineAt(this.relay.socketPath),
      spec: settings,
      workspaces: this.#workspaces,
      max,
      observe: (call) => void this.refused.push(call),
    });
    await this.proxy.listen(this.socket, 0o600);
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.splice(0).map((one) => one.drain()));
    await this.proxy.close();
    await this.relay.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** A proxy for each test. @param workspaces the folders that it lets sandboxes read */
export function useProxy(workspaces?: Workspaces): ProxyRig {
  const rig = new ProxyRig(workspaces);
  beforeEach(() => rig.open());
  afterEach(() => rig.close());
  return rig;
}

export const ownSpec = () =>
  containerSpec({
    image,
    limits: defaultLimits,
    seccompProfile: settings.seccompProfile,
    runtime: ociRuntime,
    jobUid: drawJobUid(),
    labels: { [ownerLabel]: 'test:1' },
  });

export const attachUrl = (id: string) =>
  `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`;

export const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Length': '0' };
