/**
 * The folders of this machine that the operator lets sandboxes read (`--workspace`). They are read
 * once, at the start: the paths of mounts come from here and never from a job.
 */
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { InvalidInputError, messageOf } from '../../errors.ts';

/** A root as the operator named it. */
export interface Root {
  /** The real path of a folder. */
  readonly path: string;
  /** `DIR/*`: every folder directly below it is a workspace, and it is none itself. */
  readonly each: boolean;
}

/**
 * Paths that a sandbox has itself, and those that hold the engine's own data. A mount at one of
 * them, or below it, would replace a part of the sandbox or show what belongs to other containers.
 */
const reserved = [
  '/proc',
  '/sys',
  '/dev',
  '/etc',
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/boot',
  '/opt/hookpool',
  '/job',
  '/project',
  '/tmp',
  '/run',
  '/var/run',
  '/var/lib/docker',
  '/var/lib/containerd',
];

const maxRoots = 64;
/** The kernel's own limit of a path. */
export const maxPathBytes = 4095;

/**
 * @param written `DIR`, or `DIR/*` for each folder in it.
 * @throws InvalidInputError `INVALID_CONFIG` naming the folder, what is wrong and the fix
 */
export function readRoots(written: readonly string[]): readonly Root[] {
  if (written.length > maxRoots)
    throw refusal(`There are ${written.length} of them; ${maxRoots} are the most.`);
  const roots = written.map(readRoot);
  const isTwice = roots.find((one, at) => roots.findIndex(({ path }) => path === one.path) < at);
  if (isTwice !== undefined) throw refusal(`${isTwice.path} is named twice. Name it once.`);
  // The innermost first, which is the one that holds a folder.
  return roots.toSorted((a, b) => b.path.length - a.path.length);
}

function readRoot(written: string): Root {
  const each = written.endsWith('/*');
  const folder = each ? written.slice(0, -2) || '/' : written;
  if (folder === '') throw refusal('A name is empty. Name a folder.');
  const real = realFolder(path.resolve(folder));
  if (Buffer.byteLength(real) > maxPathBytes) throw refusal(`${real} is too long.`);
  const part = reserved.find((one) => isInside(real, one) || isInside(one, real));
  if (part === undefined) return { path: real, each };
  const why = isInside(real, part)
    ? `${part} is a part of every sandbox or of the engine`
    : `it holds ${part}, which is a part of every sandbox or of the engine`;
  throw refusal(`${real} cannot be one: ${why}. Name a project's folder elsewhere.`);
}

function realFolder(folder: string): string {
  let isFolder: boolean;
  let real: string;
  try {
    real = realpathSync(folder);
    isFolder = statSync(real).isDirectory();
  } catch (error) {
    const text = `${folder} cannot be read: ${messageOf(error)}. Name a folder of this machine.`;
    throw refusal(text, { cause: error });
  }
  if (isFolder) return real;
  throw refusal(`${folder} is not a folder. Name the project's folder.`);
}

/** Whether a path is a folder or lies below it, name by name; both are absolute and normal. */
export function isInside(one: string, folder: string): boolean {
  return one === folder || folder === '/' || one.startsWith(`${folder}/`);
}

function refusal(text: string, options?: ErrorOptions): InvalidInputError {
  return new InvalidInputError('INVALID_CONFIG', `--workspace: ${text}`, options);
}
