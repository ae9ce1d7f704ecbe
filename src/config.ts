/** The only reader of the environment. */
import { z } from 'zod';
import { InvalidInputError } from './errors.ts';
import { isolations } from './protocol/run.ts';

const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.number().min(min).max(max));

const schema = z.object({
  /** Sandbox image; default: the one that belongs to this version. */
  HOOKPOOL_IMAGE: z.string().min(1).optional(),
  /** OCI runtime, as the engine calls it (runc, runsc); default: the engine's own. */
  HOOKPOOL_OCI_RUNTIME: z.string().min(1).optional(),
  /** Never-used sandboxes to keep ready. */
  HOOKPOOL_WARM: whole(0, 64).prefault('1'),
  /** Sandboxes that may exist at once. */
  HOOKPOOL_MAX: whole(1, 256).prefault('8'),
  HOOKPOOL_ISOLATION: z.enum(isolations).default('tenant'),
  HOOKPOOL_MEMORY_MIB: whole(64, 16_384).prefault('256'),
});

export interface Config {
  readonly image: string | undefined;
  readonly ociRuntime: string | undefined;
  readonly warm: number;
  readonly max: number;
  readonly isolation: (typeof isolations)[number];
  readonly memoryBytes: number;
}

/** @throws InvalidInputError `INVALID_CONFIG` naming the variable, its limit and its value. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const text = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message} (it is ${JSON.stringify(env[String(issue.path[0])])})`,
    );
    throw new InvalidInputError('INVALID_CONFIG', `The environment cannot be used. ${text.join('; ')}.`);
  }
  const values = parsed.data;
  return Object.freeze({
    image: values.HOOKPOOL_IMAGE,
    ociRuntime: values.HOOKPOOL_OCI_RUNTIME,
    warm: values.HOOKPOOL_WARM,
    max: values.HOOKPOOL_MAX,
    isolation: values.HOOKPOOL_ISOLATION,
    memoryBytes: values.HOOKPOOL_MEMORY_MIB * 1024 * 1024,
  });
}
