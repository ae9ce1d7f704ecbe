/** The entry of a profile for the operator's list, with what its image has beside that of its base. */
import { z } from 'zod';
import { imageModules, imagePrograms } from '../../bundling/needs/image.ts';
import { builtInContents } from '../../bundling/needs/profiles.ts';
import type { Config } from '../../config.ts';
import { SandboxError } from '../../errors.ts';
import type { BuiltIn } from '../../sandbox/image.ts';
import { openPool } from '../../sandbox/open-pool.ts';
import { poolOptions } from '../pool-options.ts';
import type { ImageToBuild } from './build-image.ts';

/** What `sandbox-images/Dockerfile` writes, and the modules that python3 finds. */
const lister = `import json, pkgutil
programs = open('/opt/hookpool/programs').read().split('\\n')
of_packages = lambda module: 'dist-packages' in getattr(module.module_finder, 'path', '')
modules = [module.name for module in pkgutil.iter_modules() if of_packages(module)]
print(json.dumps({'programs': programs, 'modules': modules}))`;
const listSchema = z.object({ programs: z.array(z.string()), modules: z.array(z.string()) });
const limits = { timeoutMs: 20_000, stdoutBytes: 1 << 20, stderrBytes: 4_096 };

/** @throws SandboxError, UnavailableError when the image runs no sandbox */
export async function entryOf({ name, image, base, packages }: ImageToBuild, config: Config) {
  const { ociRuntime } = poolOptions(config);
  const pool = openPool({ image, ociRuntime, warm: 0, max: 1 });
  try {
    const lease = await pool.acquire('image', 'job');
    try {
      const script = Buffer.from(lister);
      const run = await lease.run({ runtime: 'python3', script, stdin: Buffer.alloc(0), limits });
      if (run.exitCode !== 0)
        throw new SandboxError(
          'SANDBOX_LOST',
          `${image} does not tell what it has: ${run.status}.`,
        );
      const found = listSchema.parse(JSON.parse(Buffer.from(run.stdout).toString()));
      return {
        name,
        ...(base === 'small' ? {} : { base }),
        with: packages,
        ...beside(base, found),
      };
    } finally {
      lease.release();
    }
  } finally {
    await pool.drain();
  }
}

function beside(base: BuiltIn, { programs, modules }: z.infer<typeof listSchema>) {
  const of = builtInContents.find(({ name }) => name === base);
  const isOther = (known: readonly string[]) => (name: string) =>
    /^[A-Za-z0-9][\w.+-]{0,127}$/.test(name) && !known.includes(name);
  const isProgram = isOther([...imagePrograms, ...(of?.programs ?? [])]);
  const isModule = isOther([...imageModules, ...(of?.modules ?? [])]);
  return {
    programs: [...new Set(programs.filter(isProgram))].toSorted(),
    modules: [...new Set(modules.filter(isModule))].toSorted(),
  };
}
