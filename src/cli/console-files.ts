/** Reads the built console once, at start: some 20 files, 350 KB as they are sent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsoleFile, ConsoleFiles } from '../server/routes/console-page.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/**
 * @param folder default: `dist/console` of this build.
 * @returns nothing where no console was built; the server then says so under /console/.
 */
export function consoleFiles(folder = builtConsole()): ConsoleFiles {
  const files = new Map<string, ConsoleFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(path.relative(folder, file).split(path.sep).join('/'), {
      type,
      plain: readFileSync(file),
      gzip: readFileSync(`${file}.gz`),
      brotli: readFileSync(`${file}.br`),
    });
  }
  return files;
}

/** Beside this file in the compiled program, below dist/ where the sources run. */
function builtConsole(): string {
  const beside = fileURLToPath(new URL('../console', import.meta.url));
  return import.meta.url.endsWith('.ts')
    ? fileURLToPath(new URL('../../dist/console', import.meta.url))
    : beside;
}
