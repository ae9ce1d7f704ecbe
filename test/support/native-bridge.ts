/** The native bridge, built by the project's own script where it is missing or older than its sources. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Another build of it, such as that with sanitizers. */
const given = process.env['HOOKPOOL_NATIVE_BRIDGE'];

export const nativeBridgeFile = given ?? path.join(root, 'dist/native/hookpool-hook');

/** Exit code of compile.sh where there is no C compiler. */
const noCompiler = 75;

/**
 * @returns undefined where it can be started, else why not: tests that need it are skipped with it.
 * @throws Error when its sources do not compile.
 */
export function whyNoNativeBridge(): string | undefined {
  if (process.platform !== 'linux') return `it is for Linux, and this is ${process.platform}`;
  if (given !== undefined) return undefined;
  const script = path.join(root, 'deploy/bridge/native/compile.sh');
  const { status, stderr } = spawnSync(script, [nativeBridgeFile], { encoding: 'utf8' });
  if (status === noCompiler) return stderr.trim();
  if (status !== 0) throw new Error(`The native bridge does not compile: ${stderr}`);
  return undefined;
}
