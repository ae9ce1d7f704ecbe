/** Which OCI runtimes the engine of this machine knows. */
import { Engine } from '../../src/sandbox/engine.ts';

/** Why nothing can run under it here; undefined where it can. */
export async function whyNotRuntime(name: string): Promise<string | undefined> {
  const { runtimes } = await new Engine().info();
  return runtimes.includes(name)
    ? undefined
    : `the engine does not know ${name}: deploy/setup/runsc.sh writes the settings with which dockerd does`;
}
