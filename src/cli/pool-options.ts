/**
 * Derives a pool's options from the settings, in one place: every command, and the engine proxy
 * that checks them, must agree on the container spec.
 */
import type { Config } from '../config.ts';
import { imageName } from '../sandbox/image.ts';
import { defaultLimits, type SandboxLimits } from '../sandbox/spec.ts';

export interface ConfiguredPool {
  readonly image: string;
  readonly ociRuntime: string | undefined;
  readonly limits: SandboxLimits;
  readonly warm: number;
  readonly max: number;
}

export function poolOptions({
  image = imageName(),
  ociRuntime,
  memoryBytes,
  warm,
  max,
}: Config): ConfiguredPool {
  return { image, ociRuntime, limits: { ...defaultLimits, memoryBytes }, warm, max };
}
