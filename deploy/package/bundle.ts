/**
 * The programs of the npm package: our modules and the packages that they load, in files that keep
 * what a command does not need apart. A user gets the versions that the tests have run with, and no
 * package of others: a start reads 50 files of ours instead of 700 of 60 packages, which takes half
 * of the CPU time. The files are CommonJS, for which V8 takes code that was compiled before.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { standalone, toCommonJs } from './common-js.ts';

export const root = path.join(import.meta.dirname, '../..');

/** The program, the library, and the modules that are started as threads. */
const entries = [
  'src/cli/main.ts',
  'src/index.ts',
  'src/queue/heartbeat-thread.ts',
  'src/server/reading/reader-thread.ts',
];

/** The file that starts the program, and the program. */
const [started, program] = ['cli/main.js', 'cli/program.js'];

/** Stands for the way from an output file to dist/. */
const toDist = '__to_dist__';

/**
 * Our modules find the files of the package, and the threads, from their own place below dist/. With
 * zod as a namespace esbuild leaves out what nobody uses of it: 0.4 of 0.7 MB.
 */
const places: Plugin = {
  name: 'places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const place = `${toDist}/${path.relative(path.join(root, 'src'), file).replace(/ts$/, 'js')}`;
      const contents = withNamespace(readFileSync(file, 'utf8'))
        .replaceAll('import.meta.dirname', `(import.meta.dirname + "/${path.dirname(place)}")`)
        .replaceAll('import.meta.url', `new URL("${place}", import.meta.url).href`);
      return { contents, loader: 'ts' };
    });
    onLoad({ filter: /\/@ai-sdk\/.*\.mjs$/ }, ({ path: file }) => ({
      contents: withNamespace(readFileSync(file, 'utf8')),
    }));
  },
};

function withNamespace(text: string): string {
  const imported = /^import \{ z(?: as (z\d+))? \} from (['"]zod(?:\/v4)?['"])/gm;
  return text.replace(imported, (_, name = 'z', from) => `import * as ${name} from ${from}`);
}

/**
 * Packages of dockerode for what hookpool never does: images built through the API, and engines
 * reached by ssh (engine-address.ts refuses them). They are three quarters of what it loads.
 */
const unused = [
  '@balena/dockerignore',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  'protobufjs',
  'ssh2',
  'tar-fs',
];

/** Replaces what nothing calls. @throws where a package no longer has it, so that this list is true */
function without(found: Set<string>): Plugin {
  const setup: Plugin['setup'] = ({ onLoad, onResolve }) => {
    onResolve({ filter: /^[@\w]/ }, ({ path: name, importer }) => {
      if (!unused.includes(name) || !/node_modules\/docker(ode|-modem)\//.test(importer)) return;
      found.add(name);
      return { path: name, namespace: 'unused' };
    });
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
    // Messages in 50 languages, which are chosen by z.config(): 0.4 MB.
    const locales = 'export * as locales from "../locales/index.js";';
    onLoad({ filter: /\/zod\/v4\/classic\/external\.js$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8');
      if (text.includes(locales)) found.add('zod/locales');
      return { contents: text.replace(locales, '') };
    });
  };
  return { name: 'without', setup };
}

const options = {
  absWorkingDir: root,
  entryPoints: entries,
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  alias: {
    // docker-modem loads it for Node.js before 10.
    'readable-stream': 'node:stream',
    // Its main file loads its parts by names that no bundler sees.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
  },
  // Compiled parts that packages load where they are installed.
  external: ['*.node', 'cpu-features', 'msgpackr-extract'],
  // Names stay, for the stacks of bugs.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  write: false,
} as const satisfies BuildOptions;

export interface Bundle {
  /** Text of each file by its path below dist/. */
  readonly files: ReadonlyMap<string, string>;
  readonly metafile: Metafile;
}

export async function bundle(): Promise<Bundle> {
  const found = new Set<string>();
  const { outputFiles, metafile } = await build({ ...options, plugins: [places, without(found)] });
  const missing = [...unused, 'zod/locales'].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`Nothing loads ${missing}: deploy/package/bundle.ts`);
  const outputs = await Promise.all(
    outputFiles.map(async (file): Promise<[string, string]> => {
      const name = path.relative(path.join(root, 'dist'), file.path);
      return [name === started ? program : name, await toCommonJs(placed(file))];
    }),
  );
  const start = await standalone(path.join(root, 'deploy/package/start.ts'));
  const kind = '{"type":"commonjs"}\n';
  const files = new Map([...outputs, [started, start], ['package.json', kind]]);
  return { files, metafile };
}

/** The file with its way to dist/. */
function placed({ path: file, text }: OutputFile): string {
  const up = path.relative(path.dirname(file), path.join(root, 'dist')) || '.';
  return text.replaceAll(toDist, up);
}
