/** Finds the native bridge, which is `hookpool hook` as a program of its own. */
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const program = 'hookpool-hook';

/**
 * The absolute path of the native bridge: that of this build (dist/native), else that of the package
 * for this platform, such as @hookpool/bridge-linux-x64.
 * @returns undefined where there is none; `hookpool hook` and hookpool-hook.sh do the same then
 */
export function nativeBridgePath(
  dist = path.join(import.meta.dirname, '../..'),
): string | undefined {
  const own = path.resolve(dist, 'native', program);
  if (isExecutable(own)) return own;
  const { resolve } = createRequire(path.join(dist, 'cli/main.js'));
  try {
    const manifest = resolve(`@hookpool/bridge-${process.platform}-${process.arch}/package.json`);
    const packaged = path.join(path.dirname(manifest), program);
    return isExecutable(packaged) ? packaged : undefined;
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
