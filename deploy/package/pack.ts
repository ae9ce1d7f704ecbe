/**
 * `npm run pack -- FOLDER`: makes what is published, as tarballs: hookpool, and for each processor
 * for which there is a compiler a package with the native bridge alone. hookpool names these as
 * optional dependencies, of which npm installs the one that fits the machine; no script runs. The
 * manifest of the checkout does not name them, as a checkout compiles its own.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

interface Target {
  /** As node names it. */
  readonly arch: 'x64' | 'arm64';
  /** In the order in which they are tried. */
  readonly compilers: readonly string[];
}

/** @param arch of this machine, whose own compiler is `cc`. */
export function targetsOf(arch: string): readonly Target[] {
  const cross = { x64: 'x86_64-linux-gnu-gcc', arm64: 'aarch64-linux-gnu-gcc' } as const;
  return (['x64', 'arm64'] as const).map((one) => ({
    arch: one,
    compilers: [...(one === arch ? ['cc'] : []), cross[one]],
  }));
}

export interface Packed {
  /** The tarball of hookpool. */
  readonly main: string;
  /** The tarballs of the native bridge, by the names of their packages. */
  readonly bridges: ReadonlyMap<string, string>;
}

type Manifest = Readonly<Record<string, unknown>> & { readonly version: string };

/** @param folder where the tarballs go; dist/ has to be built. */
export function pack(folder: string): Packed {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(path.join(tmpdir(), 'hookpool-pack-'));
  try {
    const manifest = readManifest(root);
    const made = targetsOf(process.arch).map(({ arch, compilers }) =>
      packBridge({ arch, compilers, manifest, folder, work }),
    );
    const bridges = new Map(made.flatMap((one) => (one === undefined ? [] : [one])));
    return { main: packMain(bridges, folder, work), bridges };
  } finally {
    rmSync(work, { recursive: true });
  }
}

function readManifest(place: string): Manifest {
  return JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8'));
}

/** Exit code of compile.sh where there is no such compiler. */
const noCompiler = 75;

interface BridgePackage extends Target {
  readonly manifest: Manifest;
  readonly folder: string;
  readonly work: string;
}

/** @returns undefined where no compiler for the processor is there. */
function packBridge(one: BridgePackage): readonly [name: string, file: string] | undefined {
  const { arch, compilers, manifest, folder, work } = one;
  const name = `@hookpool/bridge-linux-${arch}`;
  const place = path.join(work, arch, 'package');
  mkdirSync(place, { recursive: true });
  // That of this machine is compiled only where its sources have changed.
  const isOwn = arch === process.arch && process.platform === 'linux';
  const program = path.join(isOwn ? path.join(root, 'dist/native') : work, 'hookpool-hook');
  if (!compilers.some((compiler) => compiles(compiler, program))) return undefined;
  cpSync(program, path.join(place, 'hookpool-hook'));
  const { version, license } = manifest;
  const described = {
    name,
    version,
    description: `The native bridge of hookpool for Linux on ${arch}: one static program.`,
    license,
    os: ['linux'],
    cpu: [arch],
    bin: { 'hookpool-hook': 'hookpool-hook' },
    files: ['hookpool-hook'],
  };
  writeFileSync(path.join(place, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  cpSync(path.join(root, 'LICENSE'), path.join(place, 'LICENSE'));
  return [name, tarball(place, path.join(folder, `hookpool-bridge-linux-${arch}-${version}.tgz`))];
}

function compiles(compiler: string, program: string): boolean {
  const script = path.join(root, 'deploy/bridge/native/compile.sh');
  const env = { ...process.env, CC: compiler };
  const { status, stderr } = spawnSync(script, [program], { env, encoding: 'utf8' });
  if (status !== 0 && status !== noCompiler) throw new Error(`${compiler}: ${stderr}`);
  return status === 0;
}

/** Packs with npm, which chooses the files, and again with the optional dependencies. */
function packMain(bridges: Packed['bridges'], folder: string, work: string): string {
  // Without scripts: dist/ is what the tests have run with.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' }));
  execFileSync('tar', ['-xzf', path.join(work, filename), '-C', work]);
  const place = path.join(work, 'package');
  const manifest = readManifest(place);
  const optional = [...bridges.keys()].map((name) => [name, manifest.version]);
  const { scripts: _, devDependencies: __, overrides: ___, ...published } = manifest;
  const whole = { ...published, optionalDependencies: Object.fromEntries(optional) };
  writeFileSync(path.join(place, 'package.json'), `${JSON.stringify(whole, null, 2)}\n`);
  return tarball(place, path.join(folder, filename));
}

/** @param place a folder of the name `package`, as npm wants it in a tarball. */
function tarball(place: string, file: string): string {
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  execFileSync('tar', ['-czf', file, ...same, '-C', path.dirname(place), 'package']);
  return file;
}
