/**
 * Starts runc for each hook, on a prepared bundle: the unpacked sandbox image, one configuration
 * per guard.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Guard, guards } from '../guards.ts';
import { outputOf, runChild } from './child.ts';
import { type Contender, NotHere, type Surroundings } from './contender.ts';
import { commandOf, memoryBytes, pids } from './limits.ts';

export async function openRunc({ image, folder }: Surroundings): Promise<Contender> {
  if (process.getuid?.() !== 0) throw new NotHere('runc needs root to set limits');
  await outputOf('runc', '--version');
  const rootfs = path.join(folder, 'rootfs');
  await unpack(image, rootfs, folder);
  const bundleOf = ({ hookset }: Guard) => path.join(folder, `bundle-${hookset}`);
  for (const guard of guards) await prepare(bundleOf(guard), rootfs, guard);
  const state = path.join(folder, 'runc');
  let count = 0;
  return {
    name: 'runc run',
    call: (guard, context) => {
      const id = `hookpool-bench-${process.pid}-${count++}`;
      return runChild('runc', ['--root', state, 'run', '--bundle', bundleOf(guard), id], context);
    },
  };
}

async function unpack(image: string, rootfs: string, folder: string): Promise<void> {
  const tar = path.join(folder, 'rootfs.tar');
  const container = (await outputOf('docker', 'create', image)).trim();
  try {
    await outputOf('docker', 'export', '--output', tar, container);
  } finally {
    await outputOf('docker', 'rm', container);
  }
  await mkdir(rootfs);
  await outputOf('tar', '-xf', tar, '-C', rootfs);
}

async function prepare(bundle: string, rootfs: string, guard: Guard): Promise<void> {
  await mkdir(bundle);
  await outputOf('runc', 'spec', '--bundle', bundle);
  const file = path.join(bundle, 'config.json');
  const spec = JSON.parse(await readFile(file, 'utf8'));
  spec.process.terminal = false;
  spec.process.args = commandOf(guard);
  spec.process.user = { uid: 65534, gid: 65534 };
  spec.process.capabilities = {};
  spec.root = { path: rootfs, readonly: true };
  const limits = { memory: { limit: memoryBytes, swap: memoryBytes }, pids: { limit: pids } };
  spec.linux.resources = { ...spec.linux.resources, ...limits };
  await writeFile(file, JSON.stringify(spec));
}
