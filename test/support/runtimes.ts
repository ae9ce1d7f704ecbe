/** Checks which OCI runtimes the engine of this machine has. */
import { Engine } from '../../src/sandbox/engine.ts';

/** @returns the reason why the engine cannot use the runtime; undefined if it can. */
export async function whyNotRuntime(name: string): Promise<string | undefined> {
  const { runtimes } = await new Engine().info();
  return runtimes.includes(name)
    ? undefined
    : `the engine does not know ${name}: deploy/setup/runsc.sh writes the settings with which dockerd does`;
}
