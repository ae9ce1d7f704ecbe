/** The declarations of the library: those that dist/index.d.ts leads to. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './bundle.ts';

/** Writes the declarations into `dist`. @throws when tsc finds an error */
export function writeTypes(dist: string): void {
  const cache = path.join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const all = mkdtempSync(path.join(cache, 'types-'));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', 'tsconfig.json', '--emitDeclarationOnly', '--outDir', all];
  try {
    execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
    for (const name of reached(all, 'index.d.ts'))
      cpSync(path.join(all, name), path.join(dist, name));
  } finally {
    rmSync(all, { recursive: true });
  }
}

/** The file and those that it imports, directly or not. */
function reached(folder: string, name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(path.join(folder, name), 'utf8');
  for (const [, place = ''] of text.matchAll(/(?:from |import\()'(\.[^']+)\.ts'/g)) {
    const next = path.join(path.dirname(name), `${place}.d.ts`);
    if (existsSync(path.join(folder, next))) reached(folder, next, seen);
  }
  return seen;
}
