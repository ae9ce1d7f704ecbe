/**
 * TypeScript files that a test starts as processes, compiled to JavaScript: a worker that compiles
 * itself with tsx, and its heartbeat thread with it, takes twice the CPU time until it works.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type OutputFile, type Plugin, stop } from 'esbuild';

const root = path.join(import.meta.dirname, '../..');
/** Below node_modules, where Node finds the packages; real, because import.meta.filename is. */
const cache = path.join(realpathSync(path.join(root, 'node_modules')), '.cache/hookpool-tests');
/** Stands for the folder whose name comes of what is in it. */
const unnamed = path.join(cache, 'unnamed');
/** A folder goes when nobody has asked for it for so long: a process may load from a younger one. */
const keptMs = 86_400_000;

/**
 * Our modules find files of the checkout by import.meta.dirname, and the threads beside them, which
 * are added to `threads`, by import.meta.url.
 */
function places(threads: Set<string>): Plugin {
  const setup: Plugin['setup'] = ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const folder = path.dirname(file);
      const text = readFileSync(file, 'utf8');
      for (const [, name = ''] of text.matchAll(/'(\.\/[\w-]+-thread)'/g))
        threads.add(path.join(folder, `${name}.ts`));
      const place = pathToFileURL(path.join(unnamed, path.relative(root, file)));
      const contents = text
        .replaceAll('import.meta.dirname', JSON.stringify(folder))
        .replaceAll('import.meta.url', JSON.stringify(place.href.replace(/ts$/, 'js')));
      return { contents, loader: 'ts' };
    });
  return { name: 'places', setup };
}

const options = {
  absWorkingDir: root,
  outbase: root,
  outdir: unnamed,
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'silent',
  write: false,
} as const satisfies BuildOptions;

/** Builds under way in this process. */
let builds = 0;

/**
 * Compiles a file with all of our modules that it imports, and the threads that those start.
 *
 * @param name its path, absolute or from the root of the checkout
 * @returns the JavaScript file, to be started with node
 */
export async function compiled(name: string): Promise<string> {
  const file = path.resolve(root, name);
  const outputFiles = await built(file);
  const hash = createHash('sha256');
  for (const { path: place, contents } of outputFiles) hash.update(place).update(contents);
  const folder = path.join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) utimesSync(folder, new Date(), new Date());
  else write(folder, outputFiles);
  return path.join(folder, path.relative(root, file).replace(/ts$/, 'js'));
}

async function built(file: string): Promise<readonly OutputFile[]> {
  const threads = new Set<string>();
  const made = () =>
    build({ ...options, entryPoints: [file, ...threads], plugins: [places(threads)] });
  builds += 1;
  try {
    const alone = await made();
    return (threads.size === 0 ? alone : await made()).outputFiles;
  } finally {
    builds -= 1;
    // The process of esbuild, which all builds share, would count as left behind.
    if (builds === 0) await stop();
  }
}

/** Whole, or not at all: other test files may compile the same one now. */
function write(folder: string, files: readonly OutputFile[]): void {
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  for (const { path: place, text } of files) {
    const file = path.join(made, path.relative(unnamed, place));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text.replaceAll(pathToFileURL(unnamed).href, pathToFileURL(folder).href));
  }
  try {
    renameSync(made, folder);
  } catch {
    rmSync(made, { recursive: true });
  }
  for (const name of readdirSync(cache)) {
    const old = path.join(cache, name);
    // Another process may have renamed its folder since.
    const { mtimeMs = Date.now() } = statSync(old, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > keptMs) rmSync(old, { recursive: true, force: true });
  }
}
