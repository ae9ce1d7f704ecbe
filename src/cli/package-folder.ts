/** The files that the package brings along, by absolute paths. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { nativeBridgePath } from './hook/native-path.ts';

/** The folder of package.json. */
export const packageFolder = path.resolve(import.meta.dirname, '../..');

export const mainFile = path.join(packageFolder, 'dist/cli/main.js');
export const shellBridge = path.join(packageFolder, 'deploy/bridge/hookpool-hook.sh');

/** The bridge that needs no interpreter; undefined where none was built. */
export function nativeBridge(): string | undefined {
  return nativeBridgePath(path.join(packageFolder, 'dist'));
}

export function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
