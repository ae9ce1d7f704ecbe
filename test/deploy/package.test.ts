/** What the npm package is made of: one bundle, which needs no other package. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { type Bundle, bundle } from '../../deploy/package/bundle.ts';
import { filesIn, packagesIn, thirdParty } from '../../deploy/package/third-party.ts';

const root = path.join(import.meta.dirname, '../..');
let made: Bundle;

beforeAll(async () => {
  made = await bundle();
}, 60_000);

/** The outputs that are loaded with the one of a module of src, which itself is among them. */
function loadedWith(module: string): ReadonlySet<string> {
  const { outputs } = made.metafile;
  const start = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === module);
  const seen = new Set<string>();
  const load = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path: next, kind, external } of outputs[name]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) load(next);
  };
  load(start ?? expect.unreachable(`${module} has no output`));
  return seen;
}

/** The inputs whose code a start of the module reads, with the bytes of each. */
function readWith(module: string): ReadonlyMap<string, number> {
  const inputs = [...loadedWith(module)].flatMap((name) =>
    Object.entries(made.metafile.outputs[name]?.inputs ?? {}),
  );
  return new Map(inputs.map(([name, { bytesInOutput }]) => [name, bytesInOutput]));
}

const packagesWith = (module: string): readonly string[] => {
  const names = [...readWith(module)].flatMap(([file, bytes]) =>
    bytes === 0 ? [] : (/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
  );
  return [...new Set(names)].toSorted();
};
const bytesWith = (module: string) =>
  [...readWith(module).values()].reduce((sum, bytes) => sum + bytes, 0);

describe('the package', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

  it('depends on no other, and runs nothing when it is installed', () => {
    const kinds = ['dependencies', 'optionalDependencies', 'peerDependencies'];
    expect(kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}))).toEqual([]);
    const scripts = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(manifest.scripts).filter((name) => scripts.includes(name))).toEqual([]);
  });

  it('loads only modules of node and its own files', () => {
    const imports = Object.values(made.metafile.outputs).flatMap((output) => output.imports);
    const others = imports.filter(({ external }) => external).map((one) => one.path);
    const notOfNode = others.filter((name) => !/^(node:)?[a-z_/0-9]+$/.test(name));
    expect(new Set(notOfNode)).toEqual(new Set(['@valkey/valkey-glide', 'msgpackr-extract']));
    expect(others).toContain('node:http');
  });

  it('has no module that looks for a file that the bundle does not have', () => {
    const missing = [...made.files].flatMap(([name, text]) =>
      [...text.matchAll(/\brequire\d*\("(\.\.?\/[^"]*)"\)/g)]
        .map(([, asked = '']) => path.join(path.dirname(name), asked))
        .filter((file) => !made.files.has(file)),
    );
    expect(missing).toEqual([]);
  });

  it('has its entries where package.json, images and units name them', () => {
    for (const name of ['cli/main.js', 'index.js']) expect(made.files.has(name)).toBe(true);
    for (const thread of ['queue/heartbeat-thread.js', 'server/reading/reader-thread.js'])
      expect(made.files.has(thread)).toBe(true);
    expect(made.files.get('cli/main.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(made.files.get('cli/main.js')).toContain('cli/program.js');
    expect(made.files.has('cli/program.js')).toBe(true);
  });

  it('tells every module its place below dist', () => {
    const texts = [...made.files.values()];
    expect(texts.filter((text) => text.includes('__to_dist__'))).toEqual([]);
    const chunk = texts.find((text) => text.includes('sandbox-images'));
    expect(chunk).toMatch(/__dirname\+"\/\.\.\/sandbox"/);
  });
});

test('no message names a command that only a checkout has', () => {
  const named = [...made.files.values()].flatMap(
    (text) =>
      text.match(/\bmake [a-z]+\\?`|deploy\/setup\/(?!image-build)|docker-compose\.yml/g) ?? [],
  );
  expect(named).toEqual([]);
});

describe('the licences', () => {
  it('of all packages go along, and permit it', () => {
    const packages = packagesIn(filesIn(made.metafile));
    const names = packages.map(({ name }) => name);
    for (const name of ['bullmq', 'zod', 'yaml', '@ai-sdk/anthropic'])
      expect(names).toContain(name);
    for (const name of ['ssh2', 'protobufjs', 'vitest', 'tsx']) expect(names).not.toContain(name);
    expect(new Set(packages.map(({ license }) => license))).toEqual(
      new Set(['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT']),
    );
    const text = thirdParty(packages);
    expect(text).toMatch(/## zod \d+\.\d+\.\d+ \(MIT\)\n\nMIT License\n\nCopyright \(c\)/);
    expect(text.match(/^## /gm)).toHaveLength(packages.length);
  });
});

const readers = ['eslint-visitor-keys', 'toml-eslint-parser', 'unbash', 'yaml', 'zod'];
const engine = [
  'debug',
  'docker-modem',
  'dockerode',
  'has-flag',
  'ms',
  'split-ca',
  'supports-color',
];

test.each([
  ['hook/hook', [], 20],
  ['version', [], 10],
  ['check', readers, 900],
  ['run', [...engine, 'yaml', 'zod'], 700],
  ['run-event', readers, 1_000],
  ['hook-tests/command', [...engine, ...readers], 1_350],
  ['doctor', [...engine, 'yaml', 'zod'], 700],
  ['install/status', [...readers, 'jsonc-parser'], 1_000],
])('%s reads the packages %j and at most %i KB', (name, packages, kilobytes) => {
  expect(packagesWith(`src/cli/${name}.ts`)).toEqual(packages.toSorted());
  expect(bytesWith(`src/cli/${name}.ts`)).toBeLessThan(kilobytes * 1_000);
});

test.each(['serve', 'sandbox-worker', 'outbound-worker'])(
  '%s loads the packages of OpenTelemetry only where its variables ask for them',
  (name) => {
    const packagesOf = (module: string) =>
      packagesWith(module).filter((one) => one.startsWith('@opentelemetry/'));
    // prom-client loads the interface, which does nothing by itself.
    expect(packagesOf(`src/cli/${name}.ts`)).toEqual(['@opentelemetry/api']);
    expect(packagesOf('src/cli/tracing/open-telemetry.ts')).toEqual(
      expect.arrayContaining(['@opentelemetry/sdk-trace', '@opentelemetry/sdk-logs']),
    );
  },
);
